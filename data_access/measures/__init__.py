"""How a number is decided: pure functions, frames in and out, no store and no words."""

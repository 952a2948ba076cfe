"""How much one client may ask of the server, and a bucket to measure it with."""

import time

import streamlit as st

MEGABYTE = 1024 * 1024


class Limits:
    """A choice on a page is one frame, and a reader who drags a slider sends a few in a second: eight, after
    a burst of thirty, are more than any reader makes; whoever goes on for ten seconds is let go. Strangers
    see the form only, whose run costs about ten milliseconds: thirty a second of all of them together leave
    two thirds of a processor to readers. Streamlit takes four file descriptors for a session.

    A window that leaves a message unread for twenty seconds is let go, and any connection that leaves
    something unread for a minute: five megabytes come through in that time at 0.7 megabits a second. A
    request has ten seconds to begin, and then as long as ``bytes_a_second`` takes for its body."""

    frames_a_second, frames_at_once = 8, 30
    frames_in_waiting = 80
    strangers_a_second, strangers_at_once = 30, 90
    strangers, readers, windows_of_one = 60, 180, 20
    frame_bytes, stranger_frame_bytes = MEGABYTE, 32 * 1024
    form_bytes = 8 * 1024
    seconds_to_read, seconds_to_take = 20, 60
    seconds_to_ask, bytes_a_second, waiting = 10, 16 * 1024, 200
    files_of_one = 500
    look_every_seconds = 2

    @staticmethod
    def upload_bytes() -> int:
        """The largest file and what surrounds it."""
        return (int(st.get_option("server.maxUploadSize")) + 1) * MEGABYTE


class Bucket:
    """Lets ``at_once`` pass at once, then ``a_second`` in each second."""

    def __init__(self, a_second: float, at_once: float) -> None:
        self.a_second, self.at_once = a_second, at_once
        self.left, self.at = at_once, time.monotonic()

    def take(self) -> float:
        """Take one, and give the seconds to wait until it is there. Debts are shared in order."""
        now = time.monotonic()
        self.left = min(self.at_once, self.left + (now - self.at) * self.a_second) - 1
        self.at = now
        return max(0.0, -self.left / self.a_second)

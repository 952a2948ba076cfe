// Streamlit draws the page anew after each message; a changed choice brings forty. Those of one run are
// handed on together, at its end, or every tenth of a second while it goes on: the page is drawn once.
const LONGEST_WAIT = 100; // milliseconds
const END_OF_RUN = 2; // bytes of "no script is running", the shortest message that there is
window.WebSocket = class extends WebSocket {
  addEventListener(type, listener, options) {
    if (type !== "message") return super.addEventListener(type, listener, options);
    let held = [], timer;
    const handOn = () => {
      clearTimeout(timer);
      const messages = held;
      [held, timer] = [[], undefined];
      messages.forEach((message) => listener.call(this, message));
    };
    super.addEventListener("message", (message) => {
      held.push(message);
      if (message.data.byteLength <= END_OF_RUN) handOn();
      else timer ??= setTimeout(handOn, LONGEST_WAIT);
    }, options);
    super.addEventListener("close", handOn);
  }
};

// What the page asks for goes out one at a time: the studio must hear edits in their order.

/** An answer that has not come by then is not waited for. */
const PATIENCE_MS = 4000;

const waiting = [];
let under = 0;
let timer = 0;

/** Sends an event once those before it are answered; returns the number that its answer carries. */
export function send(trigger, event, data = {}) {
  const nonce = data.nonce ?? Date.now() + Math.random();
  waiting.push({ trigger, event, data: { ...data, nonce } });
  next();
  return nonce;
}

/** Whether everything that was sent has been answered. */
export function idle() {
  return under === 0 && waiting.length === 0;
}

/** Tells that an answer has come. */
export function answered(nonce) {
  if (under === 0 || nonce !== under) return;
  clearTimeout(timer);
  // The other panels' views come with this one, a moment later.
  timer = setTimeout(() => {
    under = 0;
    next();
  });
}

function next() {
  if (under !== 0 || waiting.length === 0) return;
  const { trigger, event, data } = waiting.shift();
  under = data.nonce;
  timer = setTimeout(() => answered(data.nonce), PATIENCE_MS);
  trigger(event, data);
}

// Asks how long Node would sleep, after part of that time has passed in a callback.
import { stat } from "node:fs";
import { NodeLoop } from "../../../examples/shared/poll/modes/node-loop.ts";

stat(".", () => {
  const timer = setTimeout(() => {}, 10_000);
  const [passed, word] = [60, new Int32Array(new SharedArrayBuffer(4))];
  Atomics.wait(word, 0, 0, passed);
  const left = new NodeLoop().timeout();
  const right = 0 < left && left <= 10_000 - passed;
  console.log(right ? "what is left" : `not what is left: ${left} ms`);
  clearTimeout(timer);
});

// The terminal: taken for the whole screen, and given back as it was.
import type { ReadStream, WriteStream } from "node:tty";

// The alternate screen, bracketed paste, and no wrapping: a row that the terminal takes
// for wider than we do is cut off at the edge, and does not push the others down.
const ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[2J";
/** The cursor is shown after the end of a frame that may have been cut short. */
const LEAVE = "\x1b[?2026l\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[?1049l";

/** Takes the terminal. @returns Gives it back; called again it does nothing. */
export function enterScreen(input: ReadStream, output: WriteStream): () => void {
  let entered = true;
  const leave = () => {
    if (!entered) return;
    entered = false;
    // Even when the terminal is gone, and does not take the bytes.
    try {
      output.write(LEAVE);
    } finally {
      input.setRawMode(false);
    }
  };
  // Whatever ends the process: the last thing that it does.
  process.on("exit", leave);
  input.setRawMode(true);
  output.write(ENTER);
  return leave;
}

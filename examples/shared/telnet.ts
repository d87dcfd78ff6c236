// Strips telnet commands from a stream of bytes: RFC 854, and RFC 855 for options.

const SE = 240;
const INTERRUPT = 244;
const SB = 250;
const WILL = 251;
const DONT = 254;
const IAC = 255;
/** The first of the commands: end of file, in RFC 1184. */
const FIRST = 236;
/** The most bytes of a subnegotiation. A terminal's type and size take some twenty. */
const LIMIT = 256;
const NOTHING = Buffer.alloc(0);

type State = "data" | "command" | "option" | "sub" | "command in sub";

/**
 * Strips the commands from what a telnet client sends, and leaves the text. The result is
 * the same however the bytes were cut into pieces.
 *
 * ```text
 *   h i  IAC WILL ECHO  IAC SB NAWS 0 80 0 24 IAC SE  IAC IAC  LF
 *   h i                                               FF       LF
 * ```
 *
 * It does not answer options: a client that gets no answer stays as it is. A byte FF
 * that no command follows is not telnet, and both bytes are kept: text in Latin-1 keeps
 * its line ends.
 */
export class TelnetFilter {
  #state: State = "data";
  /** How many bytes the subnegotiation has so far. */
  #length = 0;
  #ended: "interrupted" | "overlong" | undefined;

  /**
   * Why no more text will come out: the user pressed Ctrl-C (`IAC IP`), or a subnegotiation
   * had more than 256 bytes. The text before that has come out.
   */
  get ended(): "interrupted" | "overlong" | undefined {
    return this.#ended;
  }

  /** @returns The text among these bytes: the same buffer when there is nothing else. */
  filter(bytes: Buffer): Buffer {
    if (this.#ended !== undefined) return NOTHING;
    if (this.#state === "data" && !bytes.includes(IAC)) return bytes;
    // One more: an FF that was held back from the piece before may come out with these.
    const text = Buffer.allocUnsafeSlow(bytes.length + 1);
    let length = 0;
    for (const byte of bytes) {
      if (this.#isText(byte)) {
        if (this.#state === "command" && byte !== IAC) text[length++] = IAC;
        this.#state = "data";
        text[length++] = byte;
      } else {
        this.#state = this.#after(byte);
      }
      if (this.#ended !== undefined) break;
    }
    return text.subarray(0, length);
  }

  #isText(byte: number): boolean {
    // `IAC IAC` is the byte FF.
    if (this.#state === "command") return byte < FIRST || byte === IAC;
    return this.#state === "data" && byte !== IAC;
  }

  /** The state after a byte that is not text. */
  #after(byte: number): State {
    switch (this.#state) {
      case "data":
        return "command";
      case "command":
        if (byte === INTERRUPT) this.#ended = "interrupted";
        if (byte === SB) {
          this.#length = 0;
          return "sub";
        }
        return byte >= WILL && byte <= DONT ? "option" : "data";
      case "option":
        return "data";
      case "sub":
        if (byte === IAC) return "command in sub";
        return this.#more();
      case "command in sub":
        return byte === SE ? "data" : this.#more();
    }
  }

  #more(): State {
    this.#length += 1;
    if (this.#length > LIMIT) this.#ended = "overlong";
    return "sub";
  }
}

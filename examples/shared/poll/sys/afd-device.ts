// AFD, the driver behind all sockets of Windows. It can poll a socket, and report through a
// completion port. Winsock's `select` and `WSAPoll` use it too, but always block.
import type { Block, Blocks } from "../completion/blocks.ts";
import { type CFunction, library } from "../ffi.ts";
import { READY, type Ready } from "../readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../readiness/interest.ts";
import type { Registration } from "../readiness/registration.ts";
import type { CompletionPort } from "./completion-port.ts";
import { AFD, AFD_POLL, OBJECT_NAME, STATUS, WINSOCK } from "./layout-windows.ts";
import { type WindowsCalls, windowsCalls, windowsError } from "./windows.ts";

/** Any name below the driver's works. */
const NAME = "\\Device\\Afd\\Poll";
/** The timeout of a poll: none, as a 64-bit number in two words. */
const NO_TIMEOUT = [0xffffffff | 0, 0x7fffffff] as const;

/**
 * A file of the driver, through which sockets are polled. The technique is wepoll's, and
 * mio and libuv use it as well. Microsoft documents neither the device nor its request.
 */
export class AfdDevice {
  readonly #file: number;
  readonly #windows: WindowsCalls = windowsCalls();
  readonly #control: CFunction;
  readonly #cancel: CFunction;
  readonly #scratch: Block;
  readonly #blocks: Blocks;

  /** @throws {SysError} When it cannot be opened. */
  constructor(port: CompletionPort, blocks: Blocks) {
    const { fn } = library("ntdll.dll");
    this.#control = fn(
      "int32_t NtDeviceIoControlFile(intptr_t file, intptr_t event, intptr_t routine, intptr_t context, intptr_t status, uint32_t code, intptr_t in, uint32_t inSize, intptr_t out, uint32_t outSize)",
    );
    this.#cancel = fn(
      "int32_t NtCancelIoFileEx(intptr_t file, intptr_t request, intptr_t status)",
    );
    this.#blocks = blocks;
    this.#scratch = blocks.take(128);
    this.#file = openDevice(this.#scratch);
    port.associate("wait for AFD", this.#file);
    const setModes = library("kernel32.dll").fn(
      "int SetFileCompletionNotificationModes(intptr_t file, uint8_t flags)",
    );
    setModes(this.#file, AFD.FILE_SKIP_SET_EVENT_ON_HANDLE);
  }

  /**
   * Requests one notification about a socket.
   *
   * @param request Lent to the kernel until the port returns its address, which it does
   *   even when the request succeeds at once or is cancelled.
   * @param socket The handle of the base socket.
   * @param events Bits of `AFD`.
   * @returns False when there is no such socket; there is no completion then.
   */
  poll(request: Block, socket: number, events: number): boolean {
    const { address, bytes } = request;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, AFD_POLL.words);
    words.fill(0);
    words[AFD_POLL.status] = STATUS.PENDING;
    words.set(NO_TIMEOUT, AFD_POLL.timeout);
    words[AFD_POLL.count] = 1;
    words[AFD_POLL.socket] = socket | 0;
    words[AFD_POLL.socket + 1] = Math.floor(socket / 2 ** 32);
    words[AFD_POLL.events] = events;
    const info = address + AFD_POLL.info * 4;
    const size = AFD_POLL.infoBytes;
    const code = AFD.IOCTL_POLL;
    const file = this.#file;
    return this.#control(file, 0, 0, address, address, code, info, size, info, size) >= 0;
  }

  /** The events that a completed request has found; 0 for none. */
  eventsOf({ bytes }: Block): number {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, AFD_POLL.words);
    return words[AFD_POLL.count] === 0 ? 0 : (words[AFD_POLL.events] ?? 0);
  }

  /** Makes a request complete soon. Has no effect on one that has completed already. */
  cancel({ address }: Block): void {
    this.#cancel(this.#file, address, this.#scratch.address);
  }

  close(): void {
    this.#windows.closeHandle(this.#file);
    this.#blocks.give(this.#scratch);
  }
}

function openDevice({ address, bytes }: Block): number {
  const { fn } = library("ntdll.dll");
  const create = fn(
    "int32_t NtCreateFile(void *file, uint32_t access, intptr_t attributes, void *status, void *size, uint32_t, uint32_t share, uint32_t disposition, uint32_t options, void *, uint32_t)",
  );
  const toError = fn("uint32_t RtlNtStatusToDosError(int32_t status)");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.fill(0);
  view.setUint32(0, OBJECT_NAME.attributesSize, true);
  view.setBigUint64(OBJECT_NAME.name, BigInt(address + OBJECT_NAME.string), true);
  const text = Buffer.from(NAME, "utf16le");
  view.setUint16(OBJECT_NAME.string, text.length, true);
  view.setUint16(OBJECT_NAME.string + 2, text.length, true);
  view.setBigUint64(OBJECT_NAME.text, BigInt(address + OBJECT_NAME.characters), true);
  bytes.set(text, OBJECT_NAME.characters);
  const file = new BigInt64Array(1);
  const ended = new BigInt64Array(2);
  const { SYNCHRONIZE, FILE_SHARE_READ_WRITE, FILE_OPEN } = AFD;
  const share = FILE_SHARE_READ_WRITE;
  const status = create(
    file,
    SYNCHRONIZE,
    address,
    ended,
    null,
    0,
    share,
    FILE_OPEN,
    0,
    null,
    0,
  );
  if (status < 0) throw windowsError("open AFD", toError(status));
  return Number(file[0]);
}

/** The bits to ask AFD for; they always include errors. */
export function bitsOf(armed: Interest): number {
  const { RECEIVE, SEND, DISCONNECT, ABORT, LOCAL_CLOSE, ACCEPT, CONNECT_FAIL } = AFD;
  return (
    (armed & READABLE ? RECEIVE | ACCEPT | DISCONNECT : 0) |
    (armed & WRITABLE ? SEND : 0) |
    ABORT |
    CONNECT_FAIL |
    LOCAL_CLOSE
  );
}

/** Translates what AFD has found into the bits of an event. */
export function readyOf(bits: number, { armed, interest }: Registration): Ready {
  const over = bits & (AFD.ABORT | AFD.CONNECT_FAIL);
  const readable = bits & (AFD.RECEIVE | AFD.ACCEPT | AFD.DISCONNECT);
  return (
    ((readable && armed & READABLE) || (over && interest & READABLE)
      ? READY.readable
      : 0) |
    ((bits & AFD.SEND && armed & WRITABLE) || (over && interest & WRITABLE)
      ? READY.writable
      : 0) |
    (over || (bits & AFD.DISCONNECT && armed & READABLE) ? READY.readClosed : 0) |
    (over ? READY.writeClosed | READY.error : 0)
  );
}

/** Returns a function that finds a base socket. It throws EBADF for non-sockets. */
export function baseFinder(): (fd: number) => number {
  const { fn } = library("ws2_32.dll");
  const control = fn(
    "int WSAIoctl(intptr_t socket, uint32_t code, void *, uint32_t, void *out, uint32_t size, void *returned, void *, void *)",
  );
  const ask = fn("int getsockopt(intptr_t socket, int, int, void *value, void *size)");
  const lastError: CFunction = fn("int WSAGetLastError()");
  return (fd) => {
    const { SIO_BASE_HANDLE, SOL_SOCKET, SO_TYPE } = WINSOCK;
    const base = new BigInt64Array(1);
    const size = new Uint32Array(1);
    const type = new Int32Array(1);
    const found = control(fd, SIO_BASE_HANDLE, null, 0, base, 8, size, null, null);
    // Wine answers for any number, so this also asks for the type, which only sockets have.
    if (found === 0 && ask(fd, SOL_SOCKET, SO_TYPE, type, Int32Array.of(4)) === 0) {
      return Number(base[0]);
    }
    throw windowsError("watch a socket", lastError());
  };
}

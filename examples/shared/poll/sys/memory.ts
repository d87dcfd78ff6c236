// Memory from the system itself. The kernel may use it after a call has returned, because
// the garbage collector does not manage it.
import { checked, library, memoryAt } from "../ffi.ts";

/** A mapping: whole pages, initially all zeros. */
export interface Mapped {
  readonly address: number;
  readonly bytes: ArrayBuffer;
  /** Unmaps it. Touching `bytes` after that crashes the process. */
  unmap(): void;
}

/** The same on Linux, macOS and FreeBSD (mmap(2)). */
const PROT_READ_WRITE = 3;
const MAP_PRIVATE = 0x02;
/** <sys/mman.h> of each system. */
const MAP_ANONYMOUS: Readonly<Record<string, number>> = { linux: 0x20 };
const BSD_MAP_ANONYMOUS = 0x1000;
/** <memoryapi.h>, <winnt.h>. */
const MEM_COMMIT_RESERVE = 0x3000;
const MEM_RELEASE = 0x8000;
const PAGE_READWRITE = 4;

/**
 * @param size In bytes; pages that are never touched cost only address space.
 * @throws {SysError} ENOMEM.
 * @throws {RangeError} On Windows, when there is no memory.
 */
export function mapMemory(size: number): Mapped {
  return process.platform === "win32" ? allocatePages(size) : mapPages(size);
}

function mapPages(size: number): Mapped {
  const { fn } = library();
  const mmap = fn(
    "intptr_t mmap(intptr_t address, size_t size, int protection, int flags, int fd, int64_t offset)",
  );
  const munmap = fn("int munmap(intptr_t address, size_t size)");
  const flags = MAP_PRIVATE | (MAP_ANONYMOUS[process.platform] ?? BSD_MAP_ANONYMOUS);
  const address = checked("map memory", mmap(0, size, PROT_READ_WRITE, flags, -1, 0));
  return {
    address,
    bytes: memoryAt(address, size),
    unmap: () => void munmap(address, size),
  };
}

function allocatePages(size: number): Mapped {
  const { fn } = library("kernel32.dll");
  const allocate = fn(
    "intptr_t VirtualAlloc(intptr_t address, size_t size, uint32_t type, uint32_t protection)",
  );
  const release = fn("int VirtualFree(intptr_t address, size_t size, uint32_t type)");
  const address = allocate(0, size, MEM_COMMIT_RESERVE, PAGE_READWRITE);
  if (address === 0) throw new RangeError(`Cannot map ${size} bytes of memory`);
  const unmap = () => void release(address, 0, MEM_RELEASE);
  return { address, bytes: memoryAt(address, size), unmap };
}

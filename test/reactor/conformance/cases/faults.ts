// Errors of system calls. An error of one connection ends that connection and nothing else.

import { TcpListener, TcpStream } from "../../../../examples/shared/poll/net.ts";
import { READABLE } from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, type Context, equal, throws } from "../case.ts";
import { drain, untilReadable, waitFor } from "../gather.ts";

const BYTE = Uint8Array.of(1);
/** Common network errors, rare ones, and one that no list has. */
const TROUBLES = ["ECONNRESET", "ETIMEDOUT", "EHOSTDOWN", "ENOBUFS", "ENOMEM", "unknown"];
const OURS = ["EBADF", "EFAULT", "EINVAL"];

export const FAULTS: readonly Case[] = [
  {
    name: "faults: any error of a connection ends only that connection",
    promise:
      "recv(2), send(2), ERRORS: other errors may be generated; our own: errors.ts",
    run: (context) => {
      const { sockets, fail } = context.faults();
      const poll = context.openPoll();
      const listener = context.keep(TcpListener.listen("127.0.0.1", 0, sockets));
      for (const code of TROUBLES) {
        const [ours] = pairOf(context, listener);
        const [other, peer] = pairOf(context, listener);
        poll.registry.register(ours, 7, READABLE);
        poll.registry.register(other, 8, READABLE);
        fail("recv", code);
        equal(ours.read(new Uint8Array(8)), "reset", `read after ${code}`);
        fail("send", code);
        equal(ours.write(BYTE), "reset", `written after ${code}`);
        fail("shutdown", code);
        ours.shutdown();
        fail("setNoDelay", code);
        ours.setNoDelay(true);
        fail("close", code);
        ours.close();
        peer.write(BYTE);
        waitFor(context, poll, 8);
        equal(drain(other), { count: 1, last: "blocked" }, "what the other reads");
        other.close();
      }
    },
  },
  {
    name: "faults: accept skips aborted connections, and returns full for other errors",
    promise: "accept(2), Error handling; EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM",
    run: (context) => {
      const { sockets, fail } = context.faults();
      const listener = context.keep(TcpListener.listen("127.0.0.1", 0, sockets));
      for (const code of ["ECONNABORTED", "ENETDOWN", "ECONNRESET"]) {
        const client = context.connect(listener);
        untilReadable(context, listener);
        fail("accept", code);
        const accepted = listener.accept();
        assert(typeof accepted !== "string", `${accepted} after ${code}`);
        accepted.close();
        client.close();
      }
      context.connect(listener);
      untilReadable(context, listener);
      for (const code of ["EMFILE", "ENOBUFS", "unknown"]) {
        fail("accept", code);
        equal(listener.accept(), "full", `accepted after ${code}`);
      }
      const accepted = listener.accept();
      assert(typeof accepted !== "string", `${accepted}, after the errors stopped`);
      context.keep(accepted);
    },
  },
  {
    name: "faults: an error that never stops does not block the program",
    promise: "our own: errors.ts, TRIES",
    run: (context) => {
      const { sockets, fail, heal } = context.faults();
      const listener = context.keep(TcpListener.listen("127.0.0.1", 0, sockets));
      const [ours] = pairOf(context, listener);
      fail("accept", "ECONNABORTED", 1e9);
      equal(listener.accept(), "full", "accepted");
      fail("recv", "EINTR", 1e9);
      equal(ours.read(new Uint8Array(8)), "reset", "read");
      fail("send", "EINTR", 1e9);
      equal(ours.write(BYTE), "reset", "written");
      heal();
    },
  },
  {
    name: "faults: EBADF, EFAULT and EINVAL are bugs of ours, and are thrown",
    promise: "recv(2), send(2), accept(2), ERRORS: EBADF, EFAULT, EINVAL",
    run: (context) => {
      const { sockets, fail } = context.faults();
      const listener = context.keep(TcpListener.listen("127.0.0.1", 0, sockets));
      const [ours] = pairOf(context, listener);
      for (const code of OURS) {
        fail("recv", code);
        throws(code, () => ours.read(new Uint8Array(8)), "read");
        fail("send", code);
        throws(code, () => ours.write(BYTE), "written");
        fail("accept", code);
        throws(code, () => listener.accept(), "accepted");
      }
      // The BSDs return EINVAL for a connection that has ended.
      fail("shutdown", "EINVAL");
      ours.shutdown();
      fail("shutdown", "EBADF");
      throws("EBADF", () => ours.shutdown(), "shut down");
      fail("close", "EBADF");
      throws("EBADF", () => ours.close(), "closed");
    },
  },
];

/** A connection of the listener whose calls fail. @returns The accepted end, the client. */
function pairOf(context: Context, listener: TcpListener): [TcpStream, TcpStream] {
  const theirs = context.connect(listener);
  for (;;) {
    const ours = listener.accept();
    if (ours instanceof TcpStream) return [context.keep(ours), theirs];
    untilReadable(context, listener);
  }
}

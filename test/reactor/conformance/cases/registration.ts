// Register, reregister, deregister: what they change, and what they refuse.
import {
  type Interest,
  type Mode,
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, equal, throws } from "../case.ts";
import { comes, toldOf, untilFence } from "../gather.ts";

const BYTE = Uint8Array.of(1);
const EACH: readonly Mode[] = ["level", "edge", "oneshot"];

export const REGISTRATION: readonly Case[] = [
  {
    name: "register: twice is EEXIST, and the first one stands",
    promise: "epoll_ctl(2), ERRORS, EEXIST; mio, Registry::register",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      const again = () => poll.registry.register(ours, 8, READABLE);
      throws("EEXIST", again, "registered twice");
      theirs.write(BYTE);
      comes(context, poll, 7);
      const selector = context.openSelector();
      selector.register(theirs.fd, 1, READABLE, "level");
      const twice = () => selector.register(theirs.fd, 2, WRITABLE, "level");
      throws("EEXIST", twice, "registered twice with the selector");
      selector.deregister(theirs.fd);
    },
  },
  {
    name: "register: a source goes to another poll when its own has closed",
    promise: "epoll(7), Questions and answers, 3; mio, Registry::register",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const [first, second] = [context.openPoll(), context.openPoll()];
      first.registry.register(ours, 7, READABLE);
      const other = () => second.registry.register(ours, 8, READABLE);
      throws("EEXIST", other, "registered with a second poll");
      first.close();
      second.registry.register(ours, 8, READABLE);
      theirs.write(BYTE);
      comes(context, second, 8);
    },
  },
  {
    name: "register: a closed descriptor is EBADF",
    promise: "epoll_ctl(2), ERRORS, EBADF",
    run: (context) => {
      const [ours] = context.pair();
      const selector = context.openSelector();
      const { fd } = ours;
      ours.close();
      const register = () => selector.register(fd, 1, READABLE, "level");
      throws("EBADF", register, "registered a closed descriptor");
    },
  },
  {
    name: "reregister, deregister: what is not in is ENOENT",
    promise: "epoll_ctl(2), ERRORS, ENOENT; mio, Registry::deregister",
    run: (context) => {
      const [ours] = context.pair();
      const poll = context.openPoll();
      const { registry } = poll;
      throws("ENOENT", () => registry.reregister(ours, 7, READABLE), "reregistered");
      throws("ENOENT", () => registry.deregister(ours), "deregistered");
      registry.register(ours, 7, READABLE);
      registry.deregister(ours);
      throws("ENOENT", () => registry.deregister(ours), "deregistered twice");
      const selector = context.openSelector();
      const change = () => selector.reregister(ours.fd, 7, READABLE, "edge");
      throws("ENOENT", change, "reregistered with the selector");
      throws("ENOENT", () => selector.deregister(ours.fd), "deregistered with it");
    },
  },
  {
    name: "register: refuses tokens and interests that are none",
    promise: "our own: a token has 31 bits; mio, Interest: never empty",
    run: (context) => {
      const [ours] = context.pair();
      const { registry } = context.openPoll();
      for (const token of [-1, 2 ** 31, 0.5, Number.NaN]) {
        const register = () => registry.register(ours, token, READABLE);
        throws("RangeError", register, `token ${token}`);
      }
      for (const interest of [0, 4, 1.5] satisfies Interest[]) {
        const register = () => registry.register(ours, 1, interest);
        throws("RangeError", register, `interest ${interest}`);
      }
      registry.register(ours, 2 ** 31 - 1, READABLE);
    },
  },
  {
    name: "register: the token comes back whole, whichever it is",
    promise: "epoll_ctl(2), epoll_data; kqueue(2), udata; io_uring, user_data",
    run: (context) => {
      for (const token of [0, 1, 2 ** 20, 2 ** 31 - 1]) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, token, READABLE);
        theirs.write(BYTE);
        equal(comes(context, poll, token).token, token, "token");
      }
    },
  },
  {
    name: "reregister: replaces the whole interest, and the token",
    promise: "epoll_ctl(2), EPOLL_CTL_MOD; mio, Registry::reregister",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        poll.registry.reregister(ours, 8, WRITABLE, mode);
        theirs.write(BYTE);
        const told = untilFence(context, poll);
        const names = new Set(told.map(({ token, what }) => `${token} ${what}`));
        equal([...names], ["8 Writable"], `told by ${mode}`);
      }
    },
  },
  {
    name: "reregister: what is so already is told anew, in each mode",
    promise: "epoll(7), EPOLLET: EPOLL_CTL_MOD re-arms; mio, Registry::reregister",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        theirs.write(BYTE);
        poll.registry.register(ours, 7, READABLE, mode);
        comes(context, poll, 7);
        for (let token = 8; token < 11; token += 1) {
          poll.registry.reregister(ours, token, READABLE, mode);
          assert(comes(context, poll, token).readable, `not readable by ${mode}`);
        }
      }
    },
  },
  {
    name: "reregister: from one mode into another",
    promise: "epoll_ctl(2), EPOLL_CTL_MOD: the settings are replaced",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      theirs.write(BYTE);
      poll.registry.register(ours, 7, READABLE, "level");
      comes(context, poll, 7);
      poll.registry.reregister(ours, 7, READABLE, "edge");
      comes(context, poll, 7);
      equal(toldOf(context, poll, 7), [], "told again by edge");
      poll.registry.reregister(ours, 7, READABLE, "level");
      comes(context, poll, 7);
      comes(context, poll, 7);
    },
  },
  {
    name: "deregister: nothing is told any more, not even what has come before",
    promise: "epoll_ctl(2), EPOLL_CTL_DEL; mio, Registry::deregister",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE | WRITABLE, mode);
        theirs.write(BYTE);
        // So that the event is ready, and nobody has asked for it.
        untilFence(context, context.openPoll());
        poll.registry.deregister(ours);
        equal(toldOf(context, poll, 7), [], `told by ${mode}`);
      }
    },
  },
  {
    name: "deregister: one may register anew, with the same token or another",
    promise: "epoll_ctl(2), EPOLL_CTL_ADD",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        theirs.write(BYTE);
        for (const token of [7, 7, 8]) {
          poll.registry.register(ours, token, READABLE, mode);
          comes(context, poll, token);
          poll.registry.deregister(ours);
        }
      }
    },
  },
  {
    name: "register: when the source cannot take it, nothing stays registered",
    promise: "our own: a call that throws has done nothing",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      theirs.write(BYTE);
      const refusing = {
        fd: ours.fd,
        closed: false,
        watcher: undefined,
        watchedBy: () => {
          throw new RangeError("no");
        },
      };
      const register = () => poll.registry.register(refusing, 7, READABLE);
      throws("RangeError", register, "registered");
      equal(toldOf(context, poll, 7), [], "told all the same");
      poll.registry.register(ours, 8, READABLE);
      comes(context, poll, 8);
    },
  },
];

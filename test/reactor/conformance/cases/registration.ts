// Register, reregister and deregister: what they change, and what they refuse.
import {
  type Interest,
  type Mode,
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, equal, throws } from "../case.ts";
import { reportsOf, untilFence, waitFor } from "../gather.ts";

const BYTE = Uint8Array.of(1);
const EACH: readonly Mode[] = ["level", "edge", "oneshot"];

export const REGISTRATION: readonly Case[] = [
  {
    name: "register: registering twice is EEXIST, and the first registration stays",
    promise: "epoll_ctl(2), ERRORS, EEXIST; mio, Registry::register",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      const again = () => poll.registry.register(ours, 8, READABLE);
      throws("EEXIST", again, "registered twice");
      theirs.write(BYTE);
      waitFor(context, poll, 7);
      const selector = context.openSelector();
      selector.register(theirs.fd, 1, READABLE, "level");
      const twice = () => selector.register(theirs.fd, 2, WRITABLE, "level");
      throws("EEXIST", twice, "registered twice with the selector");
      selector.deregister(theirs.fd);
    },
  },
  {
    name: "register: a source can move to another poll once its poll is closed",
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
      waitFor(context, second, 8);
    },
  },
  {
    name: "register: registering a closed descriptor is EBADF",
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
    name: "reregister, deregister: a source that is not registered is ENOENT",
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
      throws(
        "ENOENT",
        () => selector.deregister(ours.fd),
        "deregistered with the selector",
      );
    },
  },
  {
    name: "register: an invalid token or interest is a RangeError",
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
    name: "register: every token of 31 bits is reported unchanged",
    promise: "epoll_ctl(2), epoll_data; kqueue(2), udata; io_uring, user_data",
    run: (context) => {
      for (const token of [0, 1, 2 ** 20, 2 ** 31 - 1]) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, token, READABLE);
        theirs.write(BYTE);
        equal(waitFor(context, poll, token).token, token, "token");
      }
    },
  },
  {
    name: "reregister: replaces the interest and the token",
    promise: "epoll_ctl(2), EPOLL_CTL_MOD; mio, Registry::reregister",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        poll.registry.reregister(ours, 8, WRITABLE, mode);
        theirs.write(BYTE);
        const reported = untilFence(context, poll);
        const names = new Set(reported.map(({ token, what }) => `${token} ${what}`));
        equal([...names], ["8 Writable"], `reported in ${mode} mode`);
      }
    },
  },
  {
    name: "reregister: existing readiness is reported again, in every mode",
    promise: "epoll(7), EPOLLET: EPOLL_CTL_MOD re-arms; mio, Registry::reregister",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        theirs.write(BYTE);
        poll.registry.register(ours, 7, READABLE, mode);
        waitFor(context, poll, 7);
        for (let token = 8; token < 11; token += 1) {
          poll.registry.reregister(ours, token, READABLE, mode);
          assert(waitFor(context, poll, token).readable, `not readable in ${mode} mode`);
        }
      }
    },
  },
  {
    name: "reregister: changes the mode",
    promise: "epoll_ctl(2), EPOLL_CTL_MOD: the settings are replaced",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      theirs.write(BYTE);
      poll.registry.register(ours, 7, READABLE, "level");
      waitFor(context, poll, 7);
      poll.registry.reregister(ours, 7, READABLE, "edge");
      waitFor(context, poll, 7);
      equal(reportsOf(context, poll, 7), [], "reported again in edge mode");
      poll.registry.reregister(ours, 7, READABLE, "level");
      waitFor(context, poll, 7);
      waitFor(context, poll, 7);
    },
  },
  {
    name: "deregister: nothing more is reported, not even events already pending",
    promise: "epoll_ctl(2), EPOLL_CTL_DEL; mio, Registry::deregister",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE | WRITABLE, mode);
        theirs.write(BYTE);
        // Now the event is pending, and no wait has collected it.
        untilFence(context, context.openPoll());
        poll.registry.deregister(ours);
        equal(reportsOf(context, poll, 7), [], `reported in ${mode} mode`);
      }
    },
  },
  {
    name: "deregister: the source can be registered again, with the same token or another",
    promise: "epoll_ctl(2), EPOLL_CTL_ADD",
    run: (context) => {
      for (const mode of EACH) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        theirs.write(BYTE);
        for (const token of [7, 7, 8]) {
          poll.registry.register(ours, token, READABLE, mode);
          waitFor(context, poll, token);
          poll.registry.deregister(ours);
        }
      }
    },
  },
  {
    name: "register: when the source throws, nothing stays registered",
    promise: "our own: a call that throws has no effect",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      theirs.write(BYTE);
      const refusing = {
        fd: ours.fd,
        closed: false,
        watcher: undefined,
        setWatcher: () => {
          throw new RangeError("no");
        },
      };
      const register = () => poll.registry.register(refusing, 7, READABLE);
      throws("RangeError", register, "registered");
      equal(reportsOf(context, poll, 7), [], "reported after the failed call");
      poll.registry.register(ours, 8, READABLE);
      waitFor(context, poll, 8);
    },
  },
];

// Describes why a connection failed.

/** Whether a host is this machine: then the reader may have to start the server. */
export function isHere(host: string): boolean {
  return /^(127\.|::1$|localhost$)/.test(host);
}

/** What an error of a socket means, such as `nothing listens there`. */
export function refusalOf({
  code,
  message,
}: Pick<NodeJS.ErrnoException, "code" | "message">): string {
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ECONNRESET":
      return "the server reset it";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of that name";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "there is no route to it";
    case "ETIMEDOUT":
    case "ABORT_ERR":
      return "it does not answer";
    case "EMFILE":
    case "ENFILE":
      return "this machine allows no more open connections (see: ulimit -n)";
    case "EADDRNOTAVAIL":
      return "this machine has no ports left for more connections";
    default:
      return message || `${code}`;
  }
}

// just server: runs the finished chat server, as one would for friends.
// In this process: its options, signals and exit codes are the command's own.
await import("../../examples/18-final/server.ts");

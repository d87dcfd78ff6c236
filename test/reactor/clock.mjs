// Loaded before a server by --import: the wall clock jumps ahead by ten seconds each time
// the program reads it.
const now = Date.now;
let ahead = 0;
Date.now = () => {
  ahead += 10_000;
  return now() + ahead;
};

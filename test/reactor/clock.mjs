// Loaded before a server by --import: somebody sets the clock on the wall, by ten seconds,
// each time that the program looks at it.
const now = Date.now;
let ahead = 0;
Date.now = () => {
  ahead += 10_000;
  return now() + ahead;
};

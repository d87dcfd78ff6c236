// What the bots say: sentences from a small grammar.

/** The sentences: `{word}` stands for one of WORDS; `a(n)` depends on the next word. */
const SENTENCES: readonly string[] = [
  "My {thing} has learned to {verb}.",
  "Has anyone seen my {adjective} {thing}? It was {place} a minute ago.",
  "I told a(n) {animal} a secret, and now every {animal} {place} knows.",
  "Never lend your {thing} to a(n) {adjective} {animal}.",
  "Breaking news: {number} {animal}s are stuck {place}!",
  "There is a(n) {animal} {place}, and it looks {adjective}.",
  "What do you call a(n) {animal} with a(n) {thing}? I forget, but it was good.",
  "Who taught the {animal}s to {verb}? Own up!",
  "I can {verb} and {verb}, but not with a(n) {thing} on my head.",
  "Yesterday I met {number} {animal}s. Only one of them could {verb}.",
  "If I had a(n) {animal}, I would call it {name}.",
  "{name} the {animal} is {adjective} today. Please {verb} quietly.",
  "{name} wants to swap {number} {food}s for one {thing}.",
  "For lunch we have {food}s with {food}s. Again.",
  "Do not sit down: there is a(n) {adjective} {food} {place}.",
  "My plan is simple: first we {verb}, then a(n) {animal} brings {food}s.",
  "Somebody left {number} {food}s {place}. They are not {food}s any more.",
  "A(n) {adjective} {thing} is still better than no {thing}.",
  "I am not {adjective}. I am a(n) {animal} in disguise.",
  "How many {animal}s does it take to carry a(n) {thing}? {number}, I counted.",
  "Shh! The {thing} {place} is listening.",
  "It is raining {food}s. Quick, hold up your {thing}!",
  "Today I learned that {animal}s {verb} when nobody looks.",
  "Dear diary, {name} took my {thing} and went to {verb}.",
  "One day I will {verb} {place}, you will see.",
  "Lost: one {thing}. Found: {number} {adjective} {animal}s. Coincidence?",
];

/**
 * None begins with a silent h or a u as in unicorn, so `a(n)` looks at one letter only;
 * all animals and foods take a plain s.
 */
const WORDS = {
  adjective: words(`
    sleepy wobbly purple enormous tiny grumpy sticky invisible polite squeaky brave ticklish
    fluffy suspicious upside-down shiny hungry elegant soggy proud electric crumpled`),
  animal: words(`
    penguin otter hedgehog llama snail badger elephant parrot hamster goat owl
    dragon lobster camel beetle iguana giraffe tadpole emu mole`),
  food: words(`
    pancake noodle pickle dumpling apple biscuit turnip omelette pretzel olive meatball
    muffin waffle`),
  name: words(
    "Agatha Bruno Clementine Doris Edgar Fatima Gus Hilda Ivo Juniper Karl Lulu",
  ),
  number: words("two three four five seven eleven nineteen forty-two ninety-nine"),
  place: `on the roof; under the sofa; in the fridge; behind the moon; inside a tuba;
    next to the volcano; in my left boot; at the bottom of the lake; between two pages;
    above the clouds; in the library; on platform nine`.split(/;\s+/),
  thing: words(`
    teapot umbrella trombone ladder sock bicycle accordion wheelbarrow spoon keyboard
    lantern armchair telescope moustache kite envelope bathtub drum`),
  verb: words(`
    yodel juggle tap-dance whistle hibernate knit somersault sneeze tiptoe snore meditate
    moonwalk giggle cartwheel gargle`),
};

/** A sentence, one of a quarter of a million: plain ASCII, one line, under 200 characters. */
export function sentence(): string {
  const text = pick(SENTENCES)
    .replace(/\{(\w+)\}/g, (_, kind: keyof typeof WORDS) => pick(WORDS[kind]))
    .replace(/(a)\(n\)(?= [aeiou])/gi, "$1n")
    .replaceAll("(n)", "");
  return capital(text).replace(
    /([?!.] )([a-z])/g,
    (_, end, letter) => end + capital(letter),
  );
}

/** @throws {RangeError} When there is nothing to pick from. */
export function pick<T>(choices: readonly T[]): T {
  const choice = choices[Math.floor(Math.random() * choices.length)];
  if (choice === undefined) throw new RangeError("Cannot pick: there is no choice");
  return choice;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function words(block: string): readonly string[] {
  return block.trim().split(/\s+/);
}

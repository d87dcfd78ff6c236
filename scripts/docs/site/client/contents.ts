// Marks the section that the reader is in, in the path.

export function followContents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".contents a")];
  const sections = links.flatMap((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return heading ? [{ link, heading }] : [];
  });
  if (sections.length === 0) return;

  let marked: HTMLAnchorElement | undefined;
  const mark = () => {
    // The last heading that is above a line one third down the window.
    const line = innerHeight / 3;
    const here = sections.findLast(
      ({ heading }) => heading.getBoundingClientRect().top < line,
    )?.link;
    if (here === marked) return;
    marked?.classList.remove("here");
    here?.classList.add("here");
    marked = here;
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const { heading } of sections) observer.observe(heading);
  mark();
}

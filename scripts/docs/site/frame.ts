// The frame of every page: head, top bar, the path at the side, and the foot.
import { type Html, html, trusted } from "../html.ts";
import { rootOf } from "../links.ts";
import type { Site } from "./site.ts";

export const TITLE = "A server, built in front of you";

interface Framed {
  /** Its path in the site. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** `reading`: a column of prose and a margin; `wide`: the full width. */
  readonly layout: "home" | "reading" | "wide";
  readonly body: Html;
  /** The path, with this page marked. */
  readonly nav: Html;
  /** What goes below the text: links to other pages, and where to edit this one. */
  readonly foot?: Html;
  /** Whether it needs the script of the tools. */
  readonly tools?: boolean;
  /** More content for the head: `<link rel="next">`, the styles of one page. */
  readonly head?: Html;
}

/** The stylesheets of each layout. Printing and forced colours load more. */
const SHEETS = {
  reading: ["theme.css"],
  home: ["theme.css", "home.css"],
  wide: ["theme.css", "wide.css"],
} as const;

/** The reader's choices, stored by client/memory.ts and set on the root element. */
const CHOICES = ["theme", "wrap", "via"];

/**
 * Runs before anything is drawn: applies the reader's choices, and marks that JavaScript is
 * available, so that nothing moves when the rest arrives.
 */
const EARLY = trusted(
  `<script>{const d=document.documentElement;d.classList.add("js");` +
    `try{for(const k of ${JSON.stringify(CHOICES)}){const v=localStorage.getItem("server-book:"+k);if(v)d.dataset[k]=v}}catch{}}</script>`,
);

/** The complete file. */
export function frame(site: Site, page: Framed): string {
  const root = rootOf(page.path);
  const title = page.layout === "home" ? TITLE : `${page.title} — ${TITLE}`;
  return html`<!doctype html>
<html lang="en-GB" data-root="${root}" data-extras="${site.assets["extras.js"]}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${page.description}">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fcfcfa" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#131716" media="(prefers-color-scheme: dark)">
${EARLY}
${SHEETS[page.layout].map((name) => html`<link rel="stylesheet" href="${root}${site.assets[name]}">`)}
<link rel="stylesheet" media="(forced-colors: active)" href="${root}${site.assets["forced.css"]}">
<link rel="stylesheet" media="print" href="${root}${site.assets["print.css"]}">
<link rel="icon" href="${root}favicon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="${root}icon.png">
${preview(site, page, title)}
${page.head}
<script defer src="${root}${site.assets["site.js"]}"></script>${page.tools && html`<script defer src="${root}${site.assets["tools.js"]}"></script>`}
</head>
<body class="${page.layout}" data-page="${page.path.replace(/\.html$/, "")}">
<a class="skip" href="#content">Skip to the text</a>
${topBar(page.path)}
<div class="frame">
<nav id="path" class="path" popover aria-label="All pages"><button type="button" class="handle close" popovertarget="path" popovertargetaction="hide">Close</button>
${page.nav}</nav>
<main id="content" tabindex="-1">
${page.body}
${page.foot}
</main>
</div>
</body>
</html>
`.toString();
}

/** The preview of a link to the page, if the site's own address is known. */
function preview({ url }: Site, { path, description }: Framed, title: string) {
  if (url === undefined || path === "404.html") return undefined;
  const address = url + path.replace(/^index\.html$/, "");
  return html`<link rel="canonical" href="${address}">
<meta property="og:type" content="article">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${address}">
<meta property="og:image" content="${url}preview.png">
<meta name="twitter:card" content="summary_large_image">`;
}

/** Search and theme need JavaScript. Their places are reserved, but empty without it. */
function topBar(path: string): Html {
  const root = rootOf(path);
  const tools = [
    ["compare.html", "Compare"],
    ["evolution.html", "Evolution"],
    ["behaviours.html", "Behaviours"],
  ];
  const links = tools.map(
    ([to = "", name]) =>
      html`<li><a href="${root}${to}"${path === to && trusted(' aria-current="page"')}>${name}</a></li>`,
  );
  return html`<header class="bar">
<a class="brand" href="${root}index.html">${LOGO}<span>A server<em>, built in front of you</em></span></a>
<nav class="tools" aria-label="Tools"><ul>${links}</ul></nav>
<div class="switches">
<button type="button" class="search-open needs-js" aria-label="Search" aria-haspopup="dialog" aria-keyshortcuts="/ Control+K">
<svg aria-hidden="true" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 4 4"/></svg><span>Search</span><kbd aria-hidden="true">/</kbd></button>
<button type="button" class="theme-switch needs-js" aria-label="Theme"><svg aria-hidden="true" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6"/><path class="half" d="M8 2a6 6 0 0 1 0 12z"/></svg></button>
<button type="button" class="menu" aria-label="Pages" popovertarget="path"><svg aria-hidden="true" viewBox="0 0 16 16"><path d="M2 4h12M2 8h12M2 12h8"/></svg><span>Pages</span></button>
</div>
</header>`;
}

/** Three lines of a file that grows; the last one is new. */
const LOGO = trusted(
  `<svg class="logo" aria-hidden="true" viewBox="0 0 16 16"><path d="M2 4h5M2 8h8"/><path class="new" d="M2 12h12"/></svg>`,
);

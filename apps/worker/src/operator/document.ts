import { PATHS } from "@convai-secrets/protocol";
import { html, type Markup } from "./html.ts";
import { ICON, ICON_URL } from "./icons.ts";
import { createSecurityHeaders } from "./security-headers.ts";
import { STYLES } from "./styles.ts";

/** A page without what all pages share. */
export interface Document {
  readonly title: string;
  readonly body: Markup;
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** For whom a page is, and of what. */
export interface Viewer {
  readonly user: string;
  /** The host of the workspace. */
  readonly host: string;
  /** The page's own path, which the navigation marks. */
  readonly path: string;
}

const NAVIGATION = [
  ["Overview", PATHS.operator],
  ["Deliveries", `${PATHS.operator}/deliveries`],
  ["Names", `${PATHS.operator}/names`],
  ["Check", `${PATHS.operator}/check`],
] as const;

/** Writes a page. A viewer who is not authenticated gets no navigation. */
export async function sendDocument(document: Document, viewer?: Viewer): Promise<Response> {
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${document.title} · convai-secrets</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON_URL}">
<style>${STYLES}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="bar"><header><a class="brand" href="${PATHS.operator}">${ICON} convai-secrets</a>${
    viewer && showViewer(viewer)
  }</header></div>
<main id="content" tabindex="-1">${document.body}</main>
${viewer && FOOTER}
</body>
</html>
`;
  return new Response(String(markup), {
    status: document.status ?? 200,
    headers: {
      ...(await createSecurityHeaders()),
      "content-type": "text/html; charset=utf-8",
      ...document.headers,
    },
  });
}

function showViewer({ user, host, path }: Viewer): Markup {
  const links = NAVIGATION.map(([label, href]) =>
    href === path
      ? html`<a href="${href}" aria-current="page">${label}</a>`
      : html`<a href="${href}">${label}</a>`,
  );
  return html`<nav aria-label="Pages">${links}</nav>
<small class="soft">${user}<br>${host}</small>`;
}

const FOOTER = html`<footer><p>Deliveries cannot be resent from here, because the Worker does not store values. The sender resends them with the same id. Times are in UTC.</p></footer>`;

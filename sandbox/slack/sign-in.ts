/** Pages that Slack's hosts send with status 200 instead of what was asked for. */
import type { ServerResponse } from 'node:http';
import { sendText } from './http.ts';
import type { Route } from './router.ts';
import type { World } from './world.ts';

/** How much text comes before the marks of a late sign-in page. */
const LATE_BYTES = 24 * 1024;

/**
 * What the host answers to a wrong token: the page where people sign in, and a 200. `late` is the newer page: a
 * shell of scripts, and only far below them the marks of a sign-in page (stablyai/agent-slack#31 met pages
 * that hold `shouldRedirect` and `redirectURL` instead of a form).
 */
export function sendSignIn(world: World, response: ServerResponse, late = false): void {
  const { teamName, domain } = world.state.identity;
  const page = late
    ? `<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8">${filler()}</head><body>` +
      `<div id="props_node" data-props="{&quot;shouldRedirect&quot;:false,&quot;redirectURL&quot;:&quot;&quot;}">` +
      `</div><h1>Sign in to ${teamName}</h1><p>${domain}.slack.com</p></body></html>`
    : `<!DOCTYPE html><html lang="en-US" class="supports_custom_scrollbar"><head><meta charset="utf-8">` +
      `<title>Sign in | Slack</title></head><body class="full_height"><h1>Sign in to ${teamName}</h1>` +
      `<p>${domain}.slack.com</p><form action="/" method="post"><input name="email" type="email">` +
      `<input name="password" type="password"><button>Sign In</button></form></body></html>`;
  sendText(response, 200, page, 'text/html');
}

/**
 * Where Slack sends who may not have a file: `/?redir=…` (slackapi/deno-slack-sdk#285). The app's bot is known and
 * refused there: 403 (100Thieves-team/plady-agent-platform, docs/webex-ingest.md). Everything else is `page`'s.
 */
export function withSignIn(page?: Route): Route {
  return (request, response) => {
    if (/[?&]redir=/.test(request.url ?? '')) return sendText(response, 403, 'Forbidden');
    return page === undefined ? sendText(response, 404, 'Not found') : page(request, response);
  };
}

/**
 * Another page of Slack's: its web client, which shows the file to people. ecochran76/slack-export tells pages in a
 * file's place by `html_interstitial`, and takes an e-mail's body from the fields alone; "Browser not supported" was
 * met, too (slack-go/slack#1284). What else stands in such a page is our reading.
 */
export function sendWebPage(world: World, response: ServerResponse): void {
  const page =
    `<!DOCTYPE html><html lang="en-US" class="p-client_desktop--ia-top-nav"><head><meta charset="utf-8">` +
    `<title>Email | ${world.state.identity.teamName} Slack</title>${filler()}</head>` +
    `<body><div class="p-client_container"></div><script src="/bv1-13/rspack.client-boot.js"></script></body></html>`;
  sendText(response, 200, page, 'text/html');
}

/** Scripts and styles, as in the head of such a page. */
function filler(): string {
  const line = 'window.boot_data=Object.assign(window.boot_data||{},{"feature_flag":true});';
  return `<script>${line.repeat(Math.ceil(LATE_BYTES / line.length))}</script>`;
}

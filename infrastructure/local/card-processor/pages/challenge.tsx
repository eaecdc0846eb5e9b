import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, send } from '../../http-server.js';
import { pageHeaders, renderPage } from '../../page/layout.js';
import { clientSecretOf } from '../answers/objects.js';
import type { Processor } from '../processor.js';
import type { Intent } from '../records.js';
import { answerChallenge } from '../rules/challenge.js';
import { formatAmount } from '../rules/tables/currencies.js';

const home = 'Local card processor';

/**
 * `/challenge/<payment intent>`: the page on which a cardholder proves who they are. GET shows it; POST with
 * `answer=passed` or `answer=failed` decides it and leads back to the shop's return URL (303), which gets
 * `payment_intent`, `payment_intent_client_secret` and `redirect_status`. `answer=passed_and_closed` decides it and
 * leads nowhere, as when the tab is closed too early: the shop hears of it by webhook only. `answer=closed` decides nothing.
 */
export async function serveChallenge(
  processor: Processor,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  if (request.method === 'POST') {
    const body = await readBody(request, 4096);
    const answer = Buffer.isBuffer(body) ? new URLSearchParams(body.toString('utf8')).get('answer') : null;
    const passed = answer === 'passed' || answer === 'passed_and_closed';
    if (passed || answer === 'failed') await processor.carryOut(answerChallenge(id, passed));
    if (answer === 'closed' || answer === 'passed_and_closed')
      return send(response, 200, pageHeaders, closedPage(id, passed));
  }
  const intent = processor.state.intents.get(id);
  if (intent === undefined) return send(response, 404, pageHeaders, missingChallenge());
  const back = returnAddress(intent);
  if (request.method === 'POST' && back !== null && intent.status !== 'requires_action') {
    response.writeHead(303, { location: back.href, 'cache-control': 'no-store', 'content-length': 0 });
    response.end();
    return;
  }
  send(response, 200, headersAllowing(back), challengePage(intent, back));
}

/** A form may lead to the shop as well: browsers hold the redirect after it to the same rule. */
function headersAllowing(back: URL | null): Readonly<Record<string, string>> {
  const policy = pageHeaders['content-security-policy'] ?? '';
  const allowed =
    back === null ? policy : policy.replace("form-action 'self'", `form-action 'self' ${back.origin}`);
  return { ...pageHeaders, 'content-security-policy': allowed };
}

function returnAddress(intent: Intent): URL | null {
  const url = intent.returnUrl !== null && URL.canParse(intent.returnUrl) ? new URL(intent.returnUrl) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  const paid = intent.status === 'requires_capture' || intent.status === 'succeeded';
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', clientSecretOf(intent.id));
  url.searchParams.set('redirect_status', paid ? 'succeeded' : 'failed');
  return url;
}

function challengePage(intent: Intent, back: URL | null): string {
  if (intent.status !== 'requires_action')
    return renderPage({
      title: 'Nothing to confirm',
      home,
      lead: 'This payment does not wait for you any more.',
      children: back === null ? null : <a href={back.href}>Back to the shop</a>,
    });
  return renderPage({
    title: `Confirm ${formatAmount(intent.amount, intent.currency)}`,
    home,
    lead: 'Your bank asks whether it is really you who pays. On this local processor you choose the answer.',
    children: (
      <form class="find" method="post" action={`/challenge/${intent.id}`}>
        <button type="submit" name="answer" value="passed">
          Yes, it is me
        </button>
        <button type="submit" name="answer" value="failed" class="second">
          Fail the check
        </button>
        <button type="submit" name="answer" value="closed" class="second">
          Close the tab
        </button>
        <button type="submit" name="answer" value="passed_and_closed" class="second">
          Yes, but do not go back to the shop
        </button>
      </form>
    ),
  });
}

function closedPage(id: string, passed: boolean): string {
  return renderPage({
    title: 'As if this tab were closed',
    home,
    lead: passed
      ? 'You proved who you are, and your browser tells the shop nothing. The shop learns it by a webhook.'
      : 'Nothing was decided: the payment still waits for you.',
    children: passed ? null : <a href={`/challenge/${id}`}>Open the page again</a>,
  });
}

function missingChallenge(): string {
  return renderPage({
    title: 'There is no such payment',
    home,
    lead: 'The link may belong to a processor that was begun anew since.',
    children: null,
  });
}

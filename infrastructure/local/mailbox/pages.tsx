import type { ComponentChildren, VNode } from 'preact';
import { Moment, renderPage } from '../page/layout.js';
import { sequencesOf } from './browse.js';
import { fateWords, undeliveredOf } from './notices/recipient-fates.js';
import type { Mail } from './records.js';
import { kindOf, orderOf, recipientsOf, type State } from './state.js';

const pageSize = 50;
const home = 'Local mailbox';

/** The mails, newest first. `q` looks for part of a recipient, or a whole order or kind; `before` is the sequence to go on from. */
export function listPage(state: State, query: URLSearchParams): string {
  const wanted = (query.get('q') ?? '').trim();
  const before = /^\d{1,9}$/.test(query.get('before') ?? '')
    ? Number(query.get('before'))
    : state.mails.length + 1;
  const filter = { order: null, kind: null, recipient: null, text: wanted === '' ? null : wanted };
  const rows: number[] = [];
  let more = false;
  for (const sequence of sequencesOf(state, filter, Math.min(before, state.mails.length + 1), 'downwards')) {
    more = rows.length === pageSize;
    if (more) break;
    rows.push(sequence);
  }
  const kinds = [...state.countsByKind].filter(([kind]) => kind !== '');
  return renderPage({
    title: 'Mails',
    home,
    lead: 'Nothing leaves this machine: every mail that would have been sent is kept here.',
    children: (
      <>
        <form class="find" method="get" action="/" role="search">
          <label>
            Recipient, order or kind
            <input type="search" name="q" value={wanted} autocomplete="off" spellcheck={false} />
          </label>
          <button type="submit">Find mails</button>
        </form>
        <p class="small">
          <span class="badge">{state.mails.length.toLocaleString('en')} in all</span>{' '}
          {kinds.map(([kind, count]) => (
            <>
              <a class="badge" href={`/?q=${encodeURIComponent(kind)}`}>
                {kind}: {count.toLocaleString('en')}
              </a>{' '}
            </>
          ))}
        </p>
        {rows.length === 0 ? <NoMails wanted={wanted} /> : <MailTable state={state} rows={rows} />}
        <nav class="pages" aria-label="Pages">
          {before <= state.mails.length && <a href={`/?q=${encodeURIComponent(wanted)}`}>Newest</a>}
          {more && <a href={`/?q=${encodeURIComponent(wanted)}&before=${rows.at(-1) ?? 1}`}>Older mails</a>}
        </nav>
      </>
    ),
  });
}

function NoMails({ wanted }: { readonly wanted: string }): VNode {
  return wanted === '' ? (
    <p class="panel">No mail yet. The first one will show up here as soon as it is accepted.</p>
  ) : (
    <p class="panel">
      No mail fits “{wanted}”. <a href="/">Show all mails</a>
    </p>
  );
}

function MailTable({ state, rows }: { readonly state: State; readonly rows: readonly number[] }): VNode {
  return (
    <div class="scroll" tabIndex={0}>
      <table class="stack">
        <thead>
          <tr>
            <th>Accepted (UTC)</th>
            <th>Subject</th>
            <th>To</th>
            <th>Kind</th>
            <th>Order</th>
          </tr>
        </thead>
        <tbody>
          {rows.flatMap((sequence) => {
            const mail = state.mails[sequence - 1];
            return mail === undefined ? [] : [<MailRow mail={mail} />];
          })}
        </tbody>
      </table>
    </div>
  );
}

function MailRow({ mail }: { readonly mail: Mail }): VNode {
  const kind = kindOf(mail);
  return (
    <tr>
      <td class="quiet">
        <Moment at={mail.acceptedAt} />
      </td>
      <td>
        <a href={`/mails/${mail.messageId}`}>{mail.subject === '' ? '(no subject)' : mail.subject}</a>{' '}
        {undeliveredOf(mail).size > 0 && <span class="badge bad">not delivered</span>}
      </td>
      <td>{recipientsOf(mail).join(', ')}</td>
      <td class="beside">{kind !== null && <span class="badge">{kind}</span>}</td>
      <td class="code beside">{orderOf(mail) ?? ''}</td>
    </tr>
  );
}

/** One mail: who, when, why, and both bodies; its HTML runs in a frame that may do nothing. */
export function mailPage(mail: Mail, sequence: number): string {
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Accepted', <Moment at={mail.acceptedAt} />],
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Cc', mail.cc.join(', ')],
    ['Bcc', mail.bcc.join(', ')],
    ['Reply to', mail.replyTo.join(', ')],
    ['Not delivered', [...undeliveredOf(mail)].join(', ')],
    [
      'What became of it',
      (mail.fates ?? []).map(({ recipient, fate }) => `${recipient}: ${fateWords[fate]}`).join('; '),
    ],
    ['Order', orderOf(mail) ?? ''],
    ['Kind', kindOf(mail) ?? ''],
    [
      'Tags',
      Object.entries(mail.tags)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    ],
    ['Configuration set', mail.configurationSet ?? ''],
    [
      'Attachments',
      mail.attachments
        .map(({ name, type, sizeBytes }) => `${name ?? 'unnamed'} (${type}, ${sizeBytes} bytes)`)
        .join(', '),
    ],
    ['Message id', <code>{mail.messageId}</code>],
  ];
  return renderPage({
    title: mail.subject === '' ? '(no subject)' : mail.subject,
    home,
    lead: `Mail ${sequence.toLocaleString('en')} in the order of acceptance.`,
    children: (
      <>
        <dl class="facts panel">
          {facts
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </>
            ))}
        </dl>
        {mail.html !== null && (
          <>
            <h2>As HTML</h2>
            <iframe sandbox="" src={`/mails/${mail.messageId}/html`} title="The mail as its reader sees it" />
          </>
        )}
        {mail.text !== null && (
          <>
            <h2>As text</h2>
            <pre class="panel">{mail.text}</pre>
          </>
        )}
        <nav class="pages" aria-label="Mail">
          <a href="/">All mails</a>
          {mail.source !== null && <a href={`/mails/${mail.messageId}/source`}>Source</a>}
          <a href={`/api/mails/${mail.messageId}`}>JSON</a>
        </nav>
      </>
    ),
  });
}

/** For an address that leads nowhere. */
export function missingPage(): string {
  return renderPage({
    title: 'There is no such mail',
    home,
    lead: 'It may belong to a mailbox that was begun anew since.',
    children: (
      <p>
        <a href="/">Show all mails</a>
      </p>
    ),
  });
}

import type { QueryParameters } from './parameters.js';
import type { RawMail } from './raw-mail.js';
import type { Change, Fate } from './records.js';
import type { State } from './state.js';
import type { XmlContent } from './xml.js';

/** What an action may know. `messageId` is the id a new mail gets; `raw` is the parsed message of SendRawEmail. */
export interface Question {
  readonly state: State;
  readonly parameters: QueryParameters;
  readonly raw: RawMail | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly messageId: string;
  /** What was ordered to become of a mail at this recipient, used up by the call; null for nothing. */
  readonly wishFor: (recipient: string) => Fate | null;
}

/** What comes of an action: its changes and result, or the error to answer with. */
export type ActionOutcome =
  | { readonly type: 'Done'; readonly changes: readonly Change[]; readonly result: XmlContent }
  | { readonly type: 'Refused'; readonly status: number; readonly code: string; readonly message: string };

/** Refuses with an error of the caller's making. */
export function refused(code: string, message: string, status = 400): ActionOutcome {
  return { type: 'Refused', status, code, message };
}

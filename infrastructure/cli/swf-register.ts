import * as E from 'fp-ts/lib/Either.js';
import { table } from '../../adapters/cli/table.js';
import { registerTypes } from '../../adapters/swf/registration.js';
import { workflowSettings } from '../config/settings.js';
import { swfClients } from '../roles/workflow.js';
import { type Command, CommandFailed, numberOption } from './command.js';

const settings = { ...workflowSettings };

/** Days that SWF keeps the history of an ended order, unless told otherwise. */
const retentionDays = 30;

/** `swf register`: the domain and all types, as a step of every deployment. */
export const swfRegister: Command<typeof settings> = {
  words: 'swf register',
  shape: '[--retention-days N]',
  about: 'Register the SWF domain, the workflow type and all activity types; what is known already stays.',
  options: ['retention-days'],
  settings,
  run: async (call, values, { scope }) => {
    const { caller } = await swfClients(scope, values);
    const registered = await registerTypes(caller, {
      domain: values.CHECKOUT_SWF_DOMAIN,
      site: values.CHECKOUT_SITE,
      retentionDays: numberOption(call, 'retention-days', 0, 90, retentionDays),
    })();
    if (E.isLeft(registered)) throw new CommandFailed(`SWF cannot be asked: ${registered.left.reason}`);
    const rows = registered.right.map(({ what, name, outcome }) => [what, name, outcome]);
    return { json: registered.right, text: table(['what', 'name', 'outcome'], rows) };
  },
};

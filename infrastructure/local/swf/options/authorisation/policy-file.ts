import { readFile } from 'node:fs/promises';
import type { Policies } from './authoriser.js';
import { policyOf, PolicyProblem } from './policy.js';

/**
 * Reads policies: an object that gives each access key id one policy document or a list of them.
 * @throws PolicyProblem with the place that is wrong.
 */
export function policiesOf(json: unknown): Policies {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PolicyProblem(
      'policies are a JSON object: access key id to policy document, or to a list of them',
    );
  }
  return new Map(
    Object.entries(json).map(([accessKeyId, given]: [string, unknown]) => {
      if (!Array.isArray(given)) return [accessKeyId, [policyOf(given, accessKeyId)]];
      const documents: readonly unknown[] = given;
      return [accessKeyId, documents.map((one, index) => policyOf(one, `${accessKeyId}[${index}]`))];
    }),
  );
}

/** Reads the same from a file; whatever is wrong with it is told with the file's name. */
export async function readPolicies(path: string): Promise<Policies> {
  const text = await readFile(path, 'utf8');
  try {
    return policiesOf(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PolicyProblem(`${path}: ${reason}`, { cause: error });
  }
}

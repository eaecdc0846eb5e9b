/** Parameters of a query request: flat names such as `Destination.ToAddresses.member.1`. */
export type QueryParameters = ReadonlyMap<string, string>;

/** Decodes a form body. */
export function parametersFromForm(text: string): QueryParameters {
  return new Map(new URLSearchParams(text));
}

/** The values `prefix.member.1`, `prefix.member.2`, … in order, up to the first that is missing. */
export function members(parameters: QueryParameters, prefix: string): readonly string[] {
  const values: string[] = [];
  for (;;) {
    const value = parameters.get(`${prefix}.member.${values.length + 1}`);
    if (value === undefined) return values;
    values.push(value);
  }
}

/** The `Name` and `Value` of `prefix.member.n`, in order. */
export function namedMembers(
  parameters: QueryParameters,
  prefix: string,
): readonly { readonly name: string; readonly value: string }[] {
  const pairs: { name: string; value: string }[] = [];
  for (;;) {
    const item = `${prefix}.member.${pairs.length + 1}`;
    const name = parameters.get(`${item}.Name`);
    const value = parameters.get(`${item}.Value`);
    if (name === undefined && value === undefined) return pairs;
    pairs.push({ name: name ?? '', value: value ?? '' });
  }
}

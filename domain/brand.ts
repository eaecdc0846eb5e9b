/** A value that has passed the check its name stands for; only a type guard can make one. */
export type Branded<Value, Name extends string> = Value & { readonly __brand: Name };

/** Makes the compiler refuse a switch that forgot a case; the value is never seen at run time. */
export function absurd(value: never): never {
  return value;
}

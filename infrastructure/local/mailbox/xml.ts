/** An element's content: text, or named elements, each once or repeated. */
export type XmlContent = string | { readonly [name: string]: XmlContent | readonly XmlContent[] };

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** The answer to an action that worked. */
export function responseXml(action: string, result: XmlContent, requestId: string): string {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return `<${action}Response xmlns="${namespace}">${render(content)}</${action}Response>\n`;
}

/** An error answer. `Sender` means that the request is at fault, `Receiver` the service. */
export function errorXml(
  type: 'Sender' | 'Receiver',
  code: string,
  message: string,
  requestId: string,
): string {
  const content = { Error: { Type: type, Code: code, Message: message }, RequestId: requestId };
  return `<ErrorResponse xmlns="${namespace}">${render(content)}</ErrorResponse>\n`;
}

function render(content: XmlContent): string {
  if (typeof content === 'string') return escaped(content);
  return Object.entries(content)
    .flatMap(([name, value]) =>
      (isList(value) ? value : [value]).map((item) => `<${name}>${render(item)}</${name}>`),
    )
    .join('');
}

function isList(value: XmlContent | readonly XmlContent[]): value is readonly XmlContent[] {
  return Array.isArray(value);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // Characters that XML 1.0 cannot carry at all are left out.
  const allowed = [...text].filter(
    (character) => character >= ' ' || character === '\n' || character === '\t',
  );
  return allowed.join('').replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

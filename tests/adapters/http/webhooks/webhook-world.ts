// One webhook served on its own, as another service calls it.
import { createHttpApp, defaultHttpSettings, type Defect } from '../../../../adapters/http/app.js';
import type { Endpoint } from '../../../../adapters/http/endpoint.js';
import { caller, type HttpAnswer, type HttpCall, serve } from '../../../support/http.js';

/** An endpoint that is served until closed. */
export type ServedEndpoint = {
  readonly post: (call: HttpCall) => Promise<HttpAnswer>;
  readonly defects: readonly Defect[];
  readonly close: () => Promise<void>;
};

/** Serves an endpoint on a free port. */
export async function serveEndpoint(endpoint: Endpoint): Promise<ServedEndpoint> {
  const defects: Defect[] = [];
  const settings = { ...defaultHttpSettings, publicUrl: new URL('https://checkout.example') };
  const app = createHttpApp([endpoint], settings, {
    accessed: () => undefined,
    failed: (defect) => void defects.push(defect),
  });
  const { url, close } = await serve(app);
  const call = caller(url);
  return { defects, close, post: (what) => call(`POST ${endpoint.description.path}`, what) };
}

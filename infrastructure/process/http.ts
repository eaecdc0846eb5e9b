import type { ValuesOf } from '../config/setting.js';
import type { webSettings } from '../config/settings.js';
import type { policySettings } from '../config/policy-settings.js';
import type { HttpObserver, HttpSettings } from '../../adapters/http/app.js';
import { defaultHttpSettings } from '../../adapters/http/app.js';
import { createOperationalApp } from '../../adapters/http/admin/app.js';
import type { ReadinessCheck } from '../../adapters/http/admin/operational.js';
import type { RoleContext } from './role.js';
import { type HttpListener, listen } from './http-listener.js';

/** Settings of a web process that is reached under this address. */
export const httpSettingsOf = (publicUrl: string): HttpSettings => ({
  ...defaultHttpSettings,
  publicUrl: new URL(publicUrl),
});

type PublicValues = Pick<ValuesOf<typeof policySettings>, 'CHECKOUT_PUBLIC_URL'> &
  Pick<ValuesOf<typeof webSettings>, 'CHECKOUT_PROXY_HOPS'>;

/** Settings of the web process that customers reach, through as many load balancers as the configuration says. */
export const publicHttpSettingsOf = (values: PublicValues): HttpSettings => ({
  ...httpSettingsOf(values.CHECKOUT_PUBLIC_URL),
  proxyHops: values.CHECKOUT_PROXY_HOPS,
});

/** Writes requests to the log (failures as warnings) and counts them. Bodies and addresses are never seen. */
export const httpObserverOf = ({ log, metrics }: RoleContext): HttpObserver => ({
  accessed: ({ method, route, status, milliseconds, requestId }) => {
    metrics.countRequest(method, route ?? 'unknown', status, milliseconds);
    log.debug({ method, route, status, milliseconds, requestId }, 'request answered');
  },
  failed: ({ requestId, route, error }) => {
    const stack = error instanceof Error ? error.stack : 'no error object';
    log.error({ requestId, route, stack }, 'request failed unexpectedly');
  },
});

/** Listens on the loopback port of a process that has only health and metrics to show. */
export const listenOperational = async (
  port: number,
  context: RoleContext,
  checks: readonly ReadinessCheck[],
): Promise<HttpListener> => {
  const app = createOperationalApp(
    { checks, metrics: context.metrics.registry },
    httpSettingsOf(`http://127.0.0.1:${String(port)}`),
    httpObserverOf(context),
  );
  const listener = await listen(app.callback(), {
    host: '127.0.0.1',
    port,
    settingName: 'CHECKOUT_ADMIN_PORT',
  });
  context.scope.onRelease(listener.close);
  return listener;
};

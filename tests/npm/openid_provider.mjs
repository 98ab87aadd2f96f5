// A real OpenID provider (panva/oidc-provider, certified by the OpenID Foundation) for tests, as a process of its own.
//
// usage: node openid_provider.mjs PORT SETTINGS.json
// SETTINGS: {clients: [client metadata], accounts: {"sub": {claims}}, iss: true}
// Its login page takes any account of the settings without a password; the box says whether a second factor was used.
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const [port, file] = process.argv.slice(2);
const { clients, accounts } = JSON.parse(readFileSync(file, 'utf8'));
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients,
  claims: {
    openid: ['sub', 'acr', 'amr', 'auth_time'],
    name: ['name', 'family_name', 'given_name'],
    address: ['address'],
    birthdate: ['birthdate'],
    gender: ['gender'],
  },
  scopes: ['openid', 'name', 'address', 'birthdate', 'gender'],
  acrValues: ['urn:example:two-factor', 'urn:example:password'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  cookies: { keys: ['a key of a test'] },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...(accounts[sub] ?? {}) }) }),
  async loadExistingGrant(ctx) {  // everybody has agreed to everything
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid name address birthdate gender');
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = `<!doctype html><html lang="en"><title>Test provider</title><h1>Test provider</h1>
      <form method="post"><label>Account <input name="account"></label>
      <label><input type="checkbox" name="factor" value="yes"> second factor</label>
      <button>Log in</button> <button name="refuse" value="yes">Cancel</button></form></html>`;
    return undefined;
  }
  let body = '';
  for await (const part of ctx.req) body += part;
  const form = new URLSearchParams(body);
  const factor = form.get('factor') === 'yes';
  const result = form.get('refuse')
    ? { error: 'access_denied', error_description: 'the person said no' }
    : {
      login: {
        accountId: form.get('account'),
        acr: factor ? 'urn:example:two-factor' : 'urn:example:password',
        amr: factor ? ['pwd', 'otp'] : ['pwd'],
        remember: false,
      },
    };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
  return undefined;
});

provider.listen(Number(port), '127.0.0.1', () => console.log(`ready ${issuer}`));

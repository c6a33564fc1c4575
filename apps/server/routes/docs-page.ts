/** The page at `/api/docs`: every route of `/api/openapi.json`, with a form to try it. */
export const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>pareidolia: API</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fafafa }
  details { border: 1px solid #ccc; border-radius: 6px; margin: .5rem 0; padding: .5rem 1rem; background: #fff }
  summary { cursor: pointer }
  code, pre, textarea, input { font: 14px/1.4 ui-monospace, monospace }
  pre { background: #222; color: #eee; padding: 1rem; overflow: auto; max-height: 24rem; border-radius: 6px; white-space: pre-wrap }
  textarea { width: 100%; min-height: 8rem }
  label { display: block; margin: .4rem 0 }
  .method { display: inline-block; min-width: 4.5rem; font-weight: 600 }
  @media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } details { background: #222; border-color: #444 } }
</style>
<h1>pareidolia: API</h1>
<p>The description that programs read is <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
<label>Token, where the server wants one: <input id="token" type="password" autocomplete="off"></label>
<main id="routes">Loading …</main>
<script src="/api/docs.js"></script>
</html>
`;

/** Its script. */
export const docsScript = `'use strict';
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const headersFor = (type) => {
  const token = document.getElementById('token').value;
  return { ...(type && { 'Content-Type': type }), ...(token && { Authorization: 'Bearer ' + token }) };
};
const show = async (response, output) => {
  const type = response.headers.get('Content-Type') ?? '';
  output.replaceChildren(make('pre', { textContent: response.status + ' ' + response.statusText }));
  if (type.startsWith('image/')) return output.append(make('img', { src: URL.createObjectURL(await response.blob()) }));
  const pre = make('pre');
  output.append(pre);
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) pre.textContent += part.value;
  if (type.startsWith('application/json')) pre.textContent = JSON.stringify(JSON.parse(pre.textContent), null, 1);
};
const exampleOf = (schema, document) => {
  const name = schema?.$ref?.split('/').at(-1);
  const found = name ? document.components.schemas[name] : schema;
  if (found?.example !== undefined) return found.example;
  if (found?.properties) {
    return Object.fromEntries(Object.entries(found.properties).map(([key, value]) => [key, value.default ?? exampleOf(value, document)]));
  }
  return found?.default;
};
const formFor = (method, path, operation, document) => {
  const output = make('div');
  const inputs = (operation.parameters ?? []).map((parameter) => ({ parameter, input: make('input', { size: 40 }) }));
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  const isFile = method === 'put';
  const body = content && (isFile ? make('input', { type: 'file' }) : make('textarea'));
  if (body && !isFile) body.value = JSON.stringify(exampleOf(content[1].schema, document), null, 1);
  const send = make('button', { textContent: 'Send' });
  send.onclick = async () => {
    let url = path;
    const query = new URLSearchParams();
    const headers = headersFor(isFile ? 'application/octet-stream' : method === 'post' || method === 'patch' ? 'application/json' : '');
    for (const { parameter, input } of inputs) {
      if (input.value === '') continue;
      if (parameter.in === 'path') url = url.replace('{' + parameter.name + '}', encodeURIComponent(input.value));
      else if (parameter.in === 'query') query.set(parameter.name, input.value);
      else headers[parameter.name] = input.value;
    }
    const response = await fetch(url + (query.size ? '?' + query : ''), {
      method: method.toUpperCase(), headers, body: body && (isFile ? body.files[0] : body.value),
    });
    await show(response, output);
  };
  const fields = inputs.map(({ parameter, input }) => make('label', {}, parameter.name + ' (' + parameter.in + ') ', input));
  return make('div', {}, ...fields, ...(body ? [body, make('br')] : []), send, output);
};
fetch('/api/openapi.json').then((response) => response.json()).then((document_) => {
  const routes = Object.entries(document_.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      make('details', {},
        make('summary', {}, make('span', { className: 'method', textContent: method.toUpperCase() }),
          make('code', { textContent: path }), ' ' + (operation.summary ?? '')),
        make('p', { textContent: operation.description ?? '' }),
        formFor(method, path, operation, document_))));
  document.getElementById('routes').replaceChildren(...routes);
});
`;

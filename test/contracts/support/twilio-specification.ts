import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Exchange } from './recording-proxy.ts';

type Schema = Record<string, unknown>;
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../twilio/${name}`, import.meta.url), 'utf8'));
const { paths, components } = read('openapi.json') as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const codes = new Set(
  (read('error-codes.json') as { codes: { code: number }[] }).codes.map(({ code }) => code),
);

const RFC_2822 = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/;
const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
ajv.addFormat('date-time-rfc-2822', RFC_2822);
ajv.addFormat('phone-number', /^\+[1-9]\d{6,14}$/);
ajv.addFormat('endpoint', /^\+[1-9]\d{6,14}$/);
ajv.addFormat('currency', /^[A-Z]{3}$/);
ajv.addFormat('http-method', /^(GET|POST)$/);
// The vendor's own pages have paths here; an address that is not set is empty.
ajv.addFormat('uri', (text: string) => text === '' || text.startsWith('/') || URL.canParse(text));
ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
for (const format of ['int32', 'int64', 'uri-map', 'phone-number-capabilities', 'twiml'])
  ajv.addFormat(format, true);

/** OpenAPI 3.0 as JSON schema: references resolved, `nullable` a type, nothing unknown in an object of named properties. */
const toJsonSchema = (schema: Schema): Schema => {
  if (typeof schema.$ref === 'string')
    return toJsonSchema(components.schemas[schema.$ref.split('/').at(-1)!]!);
  const { nullable, properties, items, type, enum: values, ...others } = schema;
  return {
    ...others,
    ...(typeof type === 'string' ? { type: nullable ? [type, 'null'] : type } : {}),
    ...(Array.isArray(values) ? { enum: nullable ? [...values, null] : values } : {}),
    ...(items === undefined ? {} : { items: toJsonSchema(items as Schema) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Record<string, Schema>).map(([name, each]) => [
              name,
              toJsonSchema(each),
            ]),
          ),
          additionalProperties: false,
        }),
  };
};

/** Properties that every answer has to have: all of them, since the vendor leaves none out. */
const withAllRequired = (schema: Schema, optional: ReadonlySet<string>): Schema => ({
  ...schema,
  ...(schema.items === undefined ? {} : { items: withAllRequired(schema.items as Schema, optional) }),
  ...(schema.properties === undefined
    ? {}
    : {
        required: Object.keys(schema.properties as Schema).filter((name) => !optional.has(name)),
        properties: Object.fromEntries(
          Object.entries(schema.properties as Record<string, Schema>).map(([name, each]) => [
            name,
            withAllRequired(each, optional),
          ]),
        ),
      }),
});

const compiled = new Map<string, ValidateFunction>();
const problemsOf = (key: string, schema: () => Schema, value: unknown): string[] => {
  const validate = compiled.get(key) ?? ajv.compile(schema());
  compiled.set(key, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
};

const ERROR: Schema = {
  type: 'object',
  properties: {
    code: { type: 'integer' },
    message: { type: 'string', minLength: 1 },
    more_info: { type: 'string', pattern: '^https://www\\.twilio\\.com/docs/errors/\\d+$' },
    status: { type: 'integer' },
  },
  required: ['code', 'message', 'more_info', 'status'],
  additionalProperties: false,
};

/** `POST /2010-04-01/Accounts/{AccountSid}/Calls.json`; null for a path that is not specified. */
export const operationOf = ({ method, path }: Exchange): string | null => {
  const template = Object.keys(paths).find((known) =>
    new RegExp(`^${known.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return template !== undefined && method.toLowerCase() in paths[template]! ? `${method} ${template}` : null;
};

/** What of an exchange is not as specified. `optional`: properties that answers may leave out. */
export const checkExchange = (exchange: Exchange, optional: ReadonlySet<string>): string[] => {
  const name = operationOf(exchange);
  if (name === null) return [`${exchange.method} ${exchange.path}: not specified`];
  const [method, template] = name.split(' ') as [string, string];
  const operation = paths[template]![method.toLowerCase()]!;
  return [
    ...checkParameters(operation, template, exchange),
    ...checkForm(name, operation, exchange),
    ...checkAnswer(name, operation, exchange, optional),
  ].map((problem) => `${name}: ${problem}`);
};

const checkParameters = (
  { parameters = [] }: Operation,
  template: string,
  { path, query }: Exchange,
): string[] => {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const pattern = new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`);
  const values = pattern.exec(path)!.slice(1);
  const given = [...names.map((name, at) => [name, values[at]!] as const), ...query];
  return given.flatMap(([name, text]) => {
    const known = parameters.find((each) => each.name === name);
    if (known === undefined) return [`parameter ${name} is not known`];
    const schema = toJsonSchema(known.schema);
    return problemsOf(`${template} ${name}`, () => schema, fromText(text, schema)).map(
      (each) => `${name}${each}`,
    );
  });
};

const checkForm = (name: string, { requestBody }: Operation, { form }: Exchange): string[] => {
  if (requestBody === undefined) return [...form.keys()].map((key) => `field ${key} is not known`);
  const schema = toJsonSchema(Object.values(requestBody.content)[0]!.schema);
  const properties = schema.properties as Record<string, Schema>;
  const value = Object.fromEntries(
    [...new Set(form.keys())].map((key) => {
      const all = form.getAll(key);
      const known = properties[key] ?? {};
      if (known.type === 'array') return [key, all];
      return [key, all.length > 1 ? all : fromText(all[0]!, known)];
    }),
  );
  return problemsOf(`form of ${name}`, () => schema, value);
};

const fromText = (text: string, { type }: Schema): unknown => {
  const types = [type].flat();
  if (types.includes('integer')) return Number(text);
  return types.includes('boolean') ? text === 'true' : text;
};

const checkAnswer = (
  name: string,
  { responses }: Operation,
  { status, json }: Exchange,
  optional: ReadonlySet<string>,
): string[] => {
  if (status >= 400) {
    const { code = 0, status: said } = (json ?? {}) as { code?: number; status?: number };
    return [
      ...problemsOf('error', () => ERROR, json),
      ...(said === status ? [] : [`says ${said}, and is ${status}`]),
      ...(codes.has(code) ? [] : [`code ${code} is not in the dictionary`]),
    ];
  }
  const answer = responses[String(status)];
  if (answer === undefined) return [`status ${status} is not specified`];
  const schema = answer.content?.['application/json']?.schema;
  if (schema === undefined) return json === null ? [] : ['has a body that is not specified'];
  return problemsOf(`${status} of ${name}`, () => withAllRequired(toJsonSchema(schema), optional), json);
};

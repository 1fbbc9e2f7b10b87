import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
}
interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post: { readonly parameters: readonly (Parameter & { readonly in: string })[] } }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Parameter {
  readonly name: string;
  readonly schema: Schema;
}

const openApi = parse(readFileSync(new URL('./deepgram/openapi.yml', import.meta.url), 'utf8')) as OpenApi;

const resolve = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : resolve(openApi.components.schemas[schema.$ref.split('/').at(-1)!]!);

/** The query parameters of `POST /v1/listen`, with the values that each may have. */
export const listenParameters: ReadonlyMap<string, readonly Schema[]> = new Map(
  openApi.paths['/v1/listen']!.post.parameters.filter((parameter) => parameter.in === 'query').map(
    ({ name, schema }) => {
      const resolved = resolve(schema);
      return [name, (resolved.oneOf ?? [resolved]).map(resolve)];
    },
  ),
);

const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (target: Ajv) => void)(ajv);
ajv.addFormat('double', true);
ajv.addSchema(openApi, 'openapi');

/** Validates an answer of `POST /v1/listen`. */
export const validateAnswer: ValidateFunction = ajv.compile({
  $ref: 'openapi#/components/schemas/ListenV1Response',
});

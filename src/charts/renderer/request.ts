import { z } from 'zod';

/**
 * What the embedded renderer draws: QuickChart's request with a pie chart of Chart.js 4. Strict on purpose: an option that
 * is not listed never reaches the drawing code, and texts are only ever text.
 */

const text = z.string().max(200);
const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #0072b2');
const pixels = z.number().min(0).max(100);
const font = z.strictObject({
  size: z.number().min(6).max(64),
  weight: z.enum(['normal', 'bold']).optional(),
  lineHeight: z.number().min(0.8).max(3).optional(),
});
const perSlice = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).max(32)]);

const chart = z.strictObject({
  type: z.enum(['pie', 'doughnut']),
  data: z.strictObject({
    labels: z.array(z.union([text, z.array(text).max(3)])).max(32),
    datasets: z.tuple([
      z.strictObject({
        data: z
          .array(
            z.union([
              z.number().nonnegative(),
              z.strictObject({ value: z.number().nonnegative(), label: text }),
            ]),
          )
          .min(1)
          .max(32),
        backgroundColor: perSlice(colour),
        borderColor: perSlice(colour).optional(),
        borderWidth: pixels.optional(),
      }),
    ]),
  }),
  options: z
    .strictObject({
      animation: z.literal(false).optional(),
      responsive: z.literal(false).optional(),
      layout: z.strictObject({ padding: pixels }).optional(),
      radius: z
        .string()
        .regex(/^\d{1,3}%$/)
        .optional(),
      plugins: z
        .strictObject({
          legend: z
            .strictObject({
              display: z.boolean().optional(),
              position: z.enum(['top', 'right', 'bottom', 'left']).optional(),
              align: z.enum(['start', 'center', 'end']).optional(),
              labels: z
                .strictObject({
                  color: colour,
                  font,
                  padding: pixels,
                  boxWidth: pixels,
                  boxHeight: pixels,
                  usePointStyle: z.boolean(),
                  pointStyle: z.enum(['circle', 'rect', 'rectRounded']),
                  textAlign: z.enum(['left', 'center', 'right']),
                })
                .partial()
                .optional(),
            })
            .optional(),
          datalabels: z
            .strictObject({
              display: perSlice(z.boolean()),
              color: perSlice(colour),
              font,
              anchor: z.enum(['start', 'center', 'end']),
              align: z.enum(['start', 'center', 'end']),
              offset: pixels,
            })
            .partial()
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/** QuickChart takes the chart as an object or as a string. Here a string must be JSON: it is never run as code. */
const chartOrJson = z
  .union([z.string().max(32_768), z.looseObject({})])
  .transform((given, context): unknown => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(chart);

export const renderRequestSchema = z.strictObject({
  width: z.int().min(50).max(1200).default(500),
  height: z.int().min(50).max(1200).default(300),
  devicePixelRatio: z.number().min(1).max(2).default(1),
  format: z.literal('png').default('png'),
  version: z
    .string()
    .regex(/^4(\.|$)/, 'must be 4')
    .default('4'),
  backgroundColor: colour.default('#ffffff'),
  chart: chartOrJson,
});

export type RenderRequest = z.output<typeof renderRequestSchema>;

import { meetingsContract } from './contract/meetings.ts';
import { createPlaces, SIZES } from './support/places.ts';

for (const size of SIZES) meetingsContract(size, () => createPlaces(size));

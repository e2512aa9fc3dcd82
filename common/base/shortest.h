/*
 * shortest: the fewest decimal digits that read back as the same float32.
 */
#ifndef BASE_SHORTEST_H
#define BASE_SHORTEST_H

enum { SHORTEST_SIZE = 24 };

/*
 * Writes `value` (finite) as printf's %.Ng would for the least N from 6 on whose text reads back
 * as `value` (from 1 on where it is subnormal), with no trailing zeros. Returns the length; the
 * text is terminated.
 */
int shortest_float(float value, char text[SHORTEST_SIZE]);

/* The same for most values, in one go; 0 for a few, for which shortest_float asks printf. */
int shortest_quickly(float value, char text[SHORTEST_SIZE]);

#endif

// Start values of the graphics codec (FORMAT.md, section 11.9), learnt from screenshots, maps,
// sprites and icons. Chances are in thousandths.
#ifndef PRN_GRAPHICS_START_H
#define PRN_GRAPHICS_START_H

#include "Graphics.h"

// Of a colour that a history knows: tenths that are added to what it saw of it, and of all.
static const int16_t SHARES[HISTORIES][RANKS][2] = {
    {{30, 40}, {40, 60}, {30, 60}, {2, 15}}, {{10, 15}, {40, 60}, {30, 60}, {-1, 20}},
    {{3, 6}, {40, 40}, {1, 1}, {-5, 1}}, {{2, 4}, {40, 40}, {3, 10}, {-5, 1}},
    {{4, 6}, {40, 40}, {30, 90}, {-3, 1}}, {{30, 40}, {40, 60}, {40, 60}, {40, 90}},
    {{3, 8}, {40, 40}, {-5, 20}, {-5, 20}}, {{-1, 2}, {40, 60}, {-5, 8}, {-5, 8}}};

// Of a candidate where a history knows nothing.
static const int16_t UNKNOWN[HISTORIES][RANKS] = {
    {157, 121, 98, 54}, {236, 168, 129, 66}, {300, 207, 139, 69}, {353, 233, 143, 70},
    {398, 254, 143, 70}, {291, 200, 134, 58}, {288, 199, 119, 61}, {269, 182, 124, 63}};

// Of one that a history does not know, and others it does.
static const int16_t ABSENT[HISTORIES][RANKS] = {
    {180, 180, 148, 64}, {154, 329, 184, 83}, {154, 462, 185, 74}, {98, 533, 150, 64},
    {174, 611, 172, 44}, {234, 196, 94, 41}, {422, 191, 223, 85}, {230, 158, 133, 67}};

// Of a candidate where there is no match.
static const int16_t NO_MATCH[RANKS] = {
    380, 240, 142, 69};

// Of the colour of a match, by its class; the classes 0 and 1 do not occur.
static const int16_t AGREEING[11] = {
    800, 800, 849, 804, 687, 827, 824, 870, 975, 985, 996};

// Of another colour.
static const int16_t DISAGREEING[RANKS] = {
    300, 801, 234, 93};

// By which neighbours are equal to the candidate: W, N, any of four others.
static const int16_t EQUALITIES[RANKS][8] = {
    {289, 486, 117, 758, 537, 633, 238, 919}, {365, 399, 150, 610, 116, 288, 267, 829},
    {133, 121, 179, 613, 256, 267, 63, 672}, {112, 67, 133, 440, 323, 115, 300, 400}};

// Of the inputs of the chain.
static const int32_t CHAIN_WEIGHTS[RANKS][CHAIN_INPUTS] = {
    {-1500, 10300, 7400, 4200, 4800, 3900, 6400, 7200, 6800, 7900, 6600, 1900, 8900, 11000, 8300,
     0},
    {1000, 9300, 5800, 4100, 3900, 4500, 7100, 6400, 7700, 7800, 8100, 4900, 10300, 8500, 7900, 0},
    {-100, 7300, 6000, 5400, 5200, 5200, 7100, 7700, 8700, 7400, 7900, 5100, 7900, 7900, 7300, 0},
    {-400, 7500, 6700, 6300, 6200, 6200, 7200, 7600, 7600, 7700, 9300, 6300, 8700, 7200, 6600, 0}};

// Of the inputs of literals.
static const int32_t LITERAL_WEIGHTS[PRN_GRAPHICS_CHANNELS][LITERAL_INPUTS] = {
    {-700, 10000, 9400, 8500, 5000, 4500, 3700, 3700, 3900, 3900, 5000, 3800, 5200, 5000, 6100,
     1100, 1200, 1100, 1100, 1100, 1100, 1100, 700, 700, 700, 1000, 0, 0, 0, 0, 0, 0},
    {900, 10500, 9300, 10600, 5900, 4800, 6400, 4800, 4900, 4800, 5600, 4700, 4700, 5600, 5300,
     1400, 1200, 1800, 1200, 1300, 1200, 1300, 1200, 1100, 1300, 1300, 0, 0, 0, 0, 0, 0},
    {1400, 6200, 7000, 7000, 6500, 4800, 7900, 6100, 4700, 5700, 6300, 4700, 4700, 6300, 5600,
     1500, 1200, 3200, 1400, 1300, 1500, 1600, 1200, 1100, 1500, 1100, 0, 0, 0, 0, 0, 0},
    {600, 7900, 8800, 8200, 5200, 4500, 6400, 5500, 6100, 5700, 6000, 4600, 3900, 4500, 4400,
     1200, 1200, 1800, 1300, 1700, 1500, 1500, 1200, 1100, 1000, 1100, 0, 0, 0, 0, 0, 0}};

// Of the inputs of flat areas.
static const int32_t FLAT_WEIGHTS[FLAT_INPUTS] = {
    19600, 16500, 17200, 16800, 0, 0, 0, 0};

// Of the inputs of numbers.
static const int32_t INDEX_WEIGHTS[INDEX_INPUTS] = {
    1000, 7600, 22500, 12700, 6300, 2700, 14000, 5400, 6800, 2600, 6300, 6700, 9000, 8600, 5800,
    7300, 7900, 0, 0, 0, 0, 0, 0, 0};

#endif

// Nest is ESM and some of its add-ons are CommonJS: loading it first avoids "require() of ESM in a cycle".
import '@nestjs/common';
import '@nestjs/core';

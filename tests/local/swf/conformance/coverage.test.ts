import { describe, expect, it } from 'vitest';
import { coveragePath, coverageTable, gaps, strangers } from './coverage.js';

describe('the coverage table', () => {
  it('counts only what the registries of the code know', () => {
    expect(strangers()).toEqual([]);
  });

  it('has at least one test for everything that this server does', () => {
    expect(gaps()).toEqual([]);
  });

  it('is up to date', async () => {
    await expect(await coverageTable()).toMatchFileSnapshot(coveragePath);
  });
});

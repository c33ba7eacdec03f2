namespace MLBuild.Learning.Metrics;

/// <summary>All rows that have one score.</summary>
internal readonly record struct ScoreTie(double Score, long PositiveCount, long NegativeCount);

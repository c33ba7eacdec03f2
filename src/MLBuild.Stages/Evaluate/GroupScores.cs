using MLBuild.Learning.Gates;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers losses by the declared groups, and by each pair of them, as rows stream by.</summary>
internal sealed class GroupScores
{
    /// <summary>Two groups of more combinations are not a few subgroups but names of rows: their pairs are not
    /// kept.</summary>
    public const int MostPairs = 1_000;

    private readonly Func<SliceScores> _newScores;
    private readonly Func<SliceScores> _newPairScores;
    private readonly Part[] _groups;
    private readonly (int One, int Other, Part Part)[] _pairs;

    /// <param name="groups">Their names.</param>
    /// <param name="newScores">Begins those of a subgroup.</param>
    /// <param name="newPairScores">Begins those of a pair: pairs are many, and need less.</param>
    public GroupScores(
        IReadOnlyList<string> groups, Func<SliceScores> newScores, Func<SliceScores> newPairScores)
    {
        (_newScores, _newPairScores) = (newScores, newPairScores);
        _groups = [.. groups.Select(name => new Part(name))];
        _pairs =
        [
            .. from one in Enumerable.Range(0, groups.Count)
               from other in Enumerable.Range(one + 1, groups.Count - one - 1)
               select (one, other, new Part($"{groups[one]} x {groups[other]}")),
        ];
    }

    /// <param name="groups">For each group, one text for each row.</param>
    /// <param name="row">Which of them.</param>
    public void Add(string[][] groups, int row, in ScoredRow scored)
    {
        for (var group = 0; group < _groups.Length; group++)
            Of(_groups[group], (groups[group][row], ""), _newScores).Add(scored);
        foreach (var (one, other, part) in _pairs)
        {
            if (part.IsTooMany)
                continue;
            Of(part, (groups[one][row], groups[other][row]), _newPairScores).Add(scored);
            if (part.Scores.Count > MostPairs)
                part.GiveUp();
        }
    }

    /// <summary>Every subgroup of one group, in the order of their names.</summary>
    public MeasuredSlice[] Slices() =>
        [.. _groups.SelectMany(part => part.Measured(value => Slice.Of(part.Name, value.One), minRows: 0))
            .OrderBy(slice => slice.Report.Slice, StringComparer.Ordinal)];

    /// <summary>Every pair of subgroups with so many rows, in the order of their names.</summary>
    public MeasuredSlice[] Pairs(long minRows) =>
        [.. _pairs.SelectMany(pair => pair.Part.Measured(
                values => Slice.Of(_groups[pair.One].Name, values.One)
                    .And(Slice.Of(_groups[pair.Other].Name, values.Other)),
                minRows))
            .OrderBy(slice => slice.Report.Slice, StringComparer.Ordinal)];

    /// <summary>Pairs of groups that have too many combinations: "trip x driver".</summary>
    public string[] TooMany => [.. _pairs.Where(pair => pair.Part.IsTooMany).Select(pair => pair.Part.Name)];

    private static SliceScores Of(Part part, (string, string) values, Func<SliceScores> newScores)
    {
        if (!part.Scores.TryGetValue(values, out var scores))
            part.Scores[values] = scores = newScores();
        return scores;
    }

    /// <summary>A group with its subgroups, or a pair of groups with theirs.</summary>
    private sealed class Part(string name)
    {
        public string Name => name;

        public Dictionary<(string One, string Other), SliceScores> Scores { get; } = [];

        public bool IsTooMany { get; private set; }

        public void GiveUp()
        {
            IsTooMany = true;
            Scores.Clear();
        }

        public IEnumerable<MeasuredSlice> Measured(Func<(string One, string Other), Slice> slice, long minRows) =>
            from scores in Scores
            where scores.Value.Rows >= minRows
            let named = slice(scores.Key)
            select new MeasuredSlice(named, scores.Value.Report(named.Name));
    }
}

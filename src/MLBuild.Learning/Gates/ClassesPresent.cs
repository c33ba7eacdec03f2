using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>A slice that classes are told apart on must have rows of them. The hold-out needs some of each class:
/// without, nothing is known of that class, and it fails. A subgroup needs two classes, for a model that always says
/// the one would be perfect there: with one it is inconclusive.</summary>
public sealed record ClassesPresent : GateRule
{
    private readonly IReadOnlyList<string> _classes;

    /// <param name="classes">All classes of the task, in its order; at least two.</param>
    public ClassesPresent(Slice slice, IReadOnlyList<string> classes)
        : base(slice) => _classes = classes;

    private protected override RuleKind Kind => RuleKind.ClassesPresent;

    internal override RuleResult Judge(GateEvidence evidence, NoChampion noChampion)
    {
        if (evidence.Find(Slice) is not { } slice)
            return Result(
                new Outcome.Fail(FailReason.SliceMissing), $"{Slice} is missing: {NoSuchSlice(evidence)}.");
        if (slice.RowsOfClasses.Count != _classes.Count)
            return Result(
                new Outcome.Fail(FailReason.ClassMissing), $"The classes {Slice.Where} were not counted.");
        string[] missing = [.. _classes.Where((_, i) => slice.RowsOfClasses[i] <= 0)];
        var present = _classes.Count - missing.Length;
        var enough = Slice == Slice.Overall ? missing is [] : present >= 2;
        var rows = string.Join(", ", _classes.Zip(slice.RowsOfClasses)
            .Select(one => $"{Figures.Count(one.Second)} '{one.First}'"));
        var outcome = enough ? new Outcome.Pass()
            : Slice == Slice.Overall ? (Outcome)new Outcome.Fail(FailReason.ClassMissing)
            : new Outcome.Inconclusive(InconclusiveReason.OneClass, MoreRowsNeeded: null);
        return Result(outcome, outcome switch
        {
            Outcome.Pass => $"Rows of the classes {Slice.Where}: {rows}.",
            Outcome.Fail => $"No row {Slice.Where} is {string.Join(" or ", missing.Select(name => $"'{name}'"))} "
                + $"({rows}), so nothing is known of it; hold out more rows, or look at how labels are made.",
            _ => $"Rows {Slice.Where} are of one class ({rows}), where nothing can be told apart; evaluate more rows, "
                + "or divide them otherwise.",
        }) with
        {
            Value = present,
            Limit = new(Slice == Slice.Overall ? _classes.Count : 2, null),
            Rows = slice.Rows,
        };
    }
}

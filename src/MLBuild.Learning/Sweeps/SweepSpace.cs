using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Sweeps;

/// <summary>What is tried once in a sweep.</summary>
/// <param name="Name">The values that were swept, in the order of their declaration: <c>leaves=63,rate=0.1</c>.</param>
/// <param name="Options">All that decides what is learned.</param>
/// <param name="Complexity">Lower is simpler; null where the space does not say.</param>
public sealed record SweepPoint<TOptions>(string Name, TOptions Options, double? Complexity);

/// <summary>The parameters of a sweep with their ranges, and the points in it. Immutable: <see cref="With"/> returns a
/// larger space. Points are lists, which C# puts together, filters and cuts.</summary>
/// <typeparam name="TOptions">A record: what a training takes.</typeparam>
public sealed class SweepSpace<TOptions> where TOptions : class
{
    /// <summary>The word for a point's fold in the names of its trials.</summary>
    public const string FoldName = "fold";

    // A draw that was drawn before is drawn anew. Ranges that have as many points as are asked for, equally likely,
    // give a hundred of them after about 520 draws, and a thousand after 7,500.
    private const int MostDrawsPerPoint = 100;

    private readonly Axis[] _axes;
    private readonly Func<TOptions, double>? _complexity;

    /// <summary>A space without parameters, to add some to.</summary>
    public SweepSpace()
        : this([], null)
    {
    }

    private SweepSpace(Axis[] axes, Func<TOptions, double>? complexity) => (_axes, _complexity) = (axes, complexity);

    /// <summary>Adds a parameter.</summary>
    /// <param name="name">As it is shown in the names of points: letters and digits.</param>
    /// <param name="set">The options with the parameter's value.</param>
    /// <exception cref="ArgumentException">The name is empty, has other characters, or is taken.</exception>
    public SweepSpace<TOptions> With<T>(string name, SweepRange<T> range, Func<TOptions, T, TOptions> set)
        where T : notnull
    {
        if (name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException(
                $"A parameter of a sweep is called '{name}'. Its name is part of the names of files: give it letters "
                + "and digits.");
        if (name == FoldName || _axes.Any(axis => axis.Name == name))
            throw new ArgumentException($"Two parameters of a sweep are called '{name}'. Give each a name of its own"
                + $"{(name == FoldName ? $"; '{FoldName}' is that of the folds" : "")}.");
        return new(
            [.. _axes, new(name, range.Text, range.Values?.Select(Choose).ToArray(), share => Choose(range.At(share)))],
            _complexity);

        Choice Choose(T value) => new($"{name}={SweepText.Of(value)}", options => set(options, value));
    }

    /// <summary>Declares which of two points is the simpler one: that of the lower number, such as the number of leaves
    /// of all trees.</summary>
    public SweepSpace<TOptions> SimplestFirst(Func<TOptions, double> complexity) => new(_axes, complexity);

    /// <summary>Every combination of the ranges' values, the last parameter varying fastest.</summary>
    /// <param name="rest">The options of what is not swept.</param>
    /// <exception cref="ArgumentException">There is no parameter, or a range without a count.</exception>
    public IReadOnlyList<SweepPoint<TOptions>> Grid(TOptions rest)
    {
        DemandAxes();
        var uncounted = _axes.Where(axis => axis.Values is null).Select(axis => $"'{axis.Name}' ({axis.Range})");
        if (string.Join(", ", uncounted) is { Length: > 0 } names)
            throw new ArgumentException(
                $"A grid takes a number of values of each range, and some have none: {names}. Give them a count, or "
                + "draw points at random.");
        IEnumerable<Choice[]> combinations = [[]];
        foreach (var axis in _axes)
            combinations = combinations.SelectMany(_ => axis.Values!, (chosen, value) => (Choice[])[.. chosen, value]);
        return [.. combinations.Select(chosen => Point(rest, chosen))];
    }

    /// <summary>Points drawn from the ranges, all of them different. Another count leaves those that there are as they
    /// are: more only add some.</summary>
    /// <param name="rest">The options of what is not swept.</param>
    /// <param name="count">1 or more.</param>
    /// <param name="seed">Another seed draws other points.</param>
    /// <exception cref="ArgumentException">There is no parameter, the count is below 1, or the ranges have not so many
    /// points.</exception>
    public IReadOnlyList<SweepPoint<TOptions>> Random(TOptions rest, int count, int seed)
    {
        DemandAxes();
        if (count < 1)
            throw new ArgumentException($"A sweep of {count} random points tries nothing. Give it 1 or more.");
        var points = new List<SweepPoint<TOptions>>(count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var draw = 0; points.Count < count; draw++)
        {
            if (draw >= (long)count * MostDrawsPerPoint)
                throw new ArgumentException(FormattableString.Invariant(
                    $"A sweep wants {count} random points, and {draw:N0} draws gave {points.Count} different ones. ")
                    + "Give it fewer points, or wider ranges.");
            // A stream of its own, so that a point depends on its number and on nothing that was drawn before.
            var numbers = SplitMix64.Stream(unchecked((ulong)seed), draw);
            var point = Point(rest, [.. _axes.Select(axis => axis.At((numbers.Next() >> 11) * (1.0 / (1UL << 53))))]);
            if (names.Add(point.Name))
                points.Add(point);
        }
        return points;
    }

    private SweepPoint<TOptions> Point(TOptions rest, Choice[] chosen)
    {
        var name = string.Join(',', chosen.Select(choice => choice.Text));
        var options = chosen.Aggregate(rest, (options, choice) => choice.Set(options));
        var complexity = _complexity?.Invoke(options);
        return complexity is null || double.IsFinite(complexity.Value)
            ? new(name, options, complexity)
            : throw new ArgumentException(FormattableString.Invariant(
                $"The complexity of the point {name} is {complexity}, expected a finite number."));
    }

    private void DemandAxes()
    {
        if (_axes.Length == 0)
            throw new ArgumentException("A sweep has no parameters. Add one with With.");
    }

    /// <summary>One value of one parameter.</summary>
    private sealed record Choice(string Text, Func<TOptions, TOptions> Set);

    private sealed record Axis(string Name, string Range, Choice[]? Values, Func<double, Choice> At);
}

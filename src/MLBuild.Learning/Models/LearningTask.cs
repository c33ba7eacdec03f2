using System.Text.Json.Serialization;

namespace MLBuild.Learning.Models;

/// <summary>What kind of thing a model predicts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LearningTaskKind>))]
public enum LearningTaskKind
{
    /// <summary>A number. A row's score is that number, in the unit of the label.</summary>
    Regression,

    /// <summary>Whether something happens. A row's score is the probability, 0..1, that it does.</summary>
    Binary,

    /// <summary>One of three classes or more. A row has a score for each: its probability, 0..1, all of them adding up
    /// to 1.</summary>
    Multiclass,
}

/// <summary>What a model predicts, and what a label means. Labels are numbers everywhere: of a regression the number
/// itself, of the other two the position of a row's class in <see cref="Classes"/>, from 0.</summary>
public sealed record LearningTask
{
    private LearningTask(LearningTaskKind kind, string[] classes) =>
        (Kind, Classes) = (kind, Array.AsReadOnly(classes));

    public LearningTaskKind Kind { get; }

    /// <summary>What the labels 0, 1 and so on are called; none for a regression.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Scores of one row: 1, or the number of classes of a
    /// <see cref="LearningTaskKind.Multiclass"/>.</summary>
    public int ScoreCount => Kind == LearningTaskKind.Multiclass ? Classes.Count : 1;

    /// <summary>A number.</summary>
    public static LearningTask Regression => new(LearningTaskKind.Regression, []);

    /// <summary>Whether something happens.</summary>
    /// <param name="no">What label 0 is called: <c>paid back</c>.</param>
    /// <param name="yes">What label 1 is called, whose probability is predicted: <c>defaulted</c>.</param>
    /// <exception cref="ArgumentException">Both are called the same, or one nothing.</exception>
    public static LearningTask Binary(string no, string yes) => Of(LearningTaskKind.Binary, [no, yes]);

    /// <summary>One of several classes.</summary>
    /// <param name="classes">What labels 0, 1, 2 and so on are called; three or more.</param>
    /// <exception cref="ArgumentException">There are fewer, two are called the same, or one nothing.</exception>
    public static LearningTask Multiclass(params string[] classes) => Of(LearningTaskKind.Multiclass, [.. classes]);

    /// <summary>Makes the task that a saved model says.</summary>
    /// <exception cref="ArgumentException">There is no such task.</exception>
    internal static LearningTask Of(LearningTaskKind kind, string[] classes)
    {
        var expected = kind switch
        {
            LearningTaskKind.Regression => classes.Length == 0 ? null : "no classes",
            LearningTaskKind.Binary => classes.Length == 2 ? null : "2 classes",
            LearningTaskKind.Multiclass => classes.Length >= 3 ? null : "3 classes or more; of 2, take Binary",
            _ => "Regression, Binary or Multiclass",
        };
        if (expected is not null)
            throw new ArgumentException($"A task of kind {kind} has {classes.Length} classes, expected {expected}.");
        if (classes.Any(string.IsNullOrWhiteSpace) || classes.Distinct(StringComparer.Ordinal).Count() < classes.Length)
            throw new ArgumentException(
                $"The classes of a task are called {string.Join(", ", classes.Select(name => $"'{name}'"))}, expected "
                + "a name for each that no other has.");
        return new(kind, classes);
    }

    /// <summary>Whether a label is the position of one of the <see cref="Classes"/>.</summary>
    public bool HasClass(double label) => label >= 0 && label < Classes.Count && double.IsInteger(label);

    /// <summary>For people, what a label can be: <c>0 (no) or 1 (yes)</c>.</summary>
    public string Labels => Kind == LearningTaskKind.Regression
        ? "a finite number"
        : InWords(Classes.Select((name, label) => FormattableString.Invariant($"{label} ({name})")), "or");

    public bool Equals(LearningTask? other) =>
        other is not null && Kind == other.Kind && Classes.SequenceEqual(other.Classes, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Kind, Classes.Count);

    /// <summary><c>a, b or c</c>.</summary>
    internal static string InWords(IEnumerable<string> names, string last) => names.ToArray() switch
    {
        [var only] => only,
        [.. var first, var final] => $"{string.Join(", ", first)} {last} {final}",
        [] => "",
    };

    /// <summary>For people: <c>regression</c>, <c>binary (no, yes)</c>.</summary>
    public override string ToString() => Kind switch
    {
        LearningTaskKind.Regression => "regression",
        LearningTaskKind.Binary => $"binary ({string.Join(", ", Classes)})",
        _ => $"multiclass ({string.Join(", ", Classes)})",
    };
}

using System.Globalization;

namespace MLBuild.Serving.Requests;

/// <summary>What is wrong with a row of a request, and in which field.</summary>
/// <param name="Row">From 0. A request of a single row has row 0.</param>
/// <param name="Field">Null where the row itself is wrong; several where a rule is about several.</param>
/// <param name="Rule">One of <see cref="RequestRule"/>, or a rule of the contract by its name.</param>
/// <param name="Problem">What was there and what was expected: <c>is "far", expected a number</c>.</param>
internal sealed record RequestFault(int Row, string? Field, string Rule, string Problem)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Row {Row}{(Field is null ? "" : $", field '{Field}'")} {Problem}.");
}

/// <summary>The rules that every request has to keep, for programs.</summary>
internal static class RequestRule
{
    public const string IsObject = "a row is an object";
    public const string IsText = "a name is text";
    public const string IsKnown = "a field is known";
    public const string IsServed = "a field is known when a prediction is asked for";
    public const string IsOnce = "a field is there once";
    public const string IsPresent = "a field is present";
    public const string HasType = "a value has its type";
    public const string HasFeatures = "a row has features";
}

/// <summary>A request that cannot be answered, with all that is wrong with it.</summary>
/// <param name="detail">For people.</param>
/// <param name="faults">The first of them, for programs; empty where the request is wrong as a whole.</param>
internal sealed class BadRequestException(int statusCode, string detail, IReadOnlyList<RequestFault> faults)
    : Exception(detail)
{
    public BadRequestException(int statusCode, string detail)
        : this(statusCode, detail, [])
    {
    }

    public int StatusCode => statusCode;

    public IReadOnlyList<RequestFault> Faults => faults;

    public static BadRequestException Of(RequestFaults faults) => new(
        400,
        string.Join(" ", faults.Shown)
            + (faults.Count > faults.Shown.Count ? $" And {faults.Count - faults.Shown.Count} more." : ""),
        faults.Shown);
}

/// <summary>All that is wrong with a request, of which the first few are shown: a body of a megabyte can have a fault
/// for every eight bytes, and words for each would be many times its size.</summary>
internal sealed class RequestFaults
{
    private const int MostShown = 10;

    private readonly List<RequestFault> _shown = [];

    /// <summary>Also those that are not shown.</summary>
    public int Count { get; private set; }

    public IReadOnlyList<RequestFault> Shown => _shown;

    /// <summary>Counts one more.</summary>
    /// <returns>Whether it is shown, and has to be added.</returns>
    public bool CountOne() => ++Count <= MostShown;

    public void Add(RequestFault fault) => _shown.Add(fault);
}

using System.Text.Json.Serialization;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Duplicates;

/// <summary>Why a row with the key of another is not kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeftOutReason>))]
public enum LeftOutReason
{
    /// <summary>The other row is equal in every column.</summary>
    Identical,

    /// <summary>The other row is preferred: a later or corrected record.</summary>
    Superseded,

    /// <summary>The two undo each other: a charge and its refund. Neither is kept.</summary>
    Cancelled,
}

/// <summary>A row that is not kept, and the row for which it is left out.</summary>
public sealed record LeftOutRow(RowSource Source, LeftOutReason Reason, RowSource Other)
{
    public override string ToString() => Reason switch
    {
        LeftOutReason.Identical => $"identical to {Other}",
        LeftOutReason.Superseded => $"superseded by {Other}",
        LeftOutReason.Cancelled => $"cancels with {Other}",
        _ => throw new InvalidOperationException($"BUG: no text for {Reason}."),
    };
}

using System.Text.Json.Serialization;

namespace MLBuild.Learning.Contracts;

/// <summary>What a broken check means for the data set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>The data set is refused.</summary>
    Fail,

    /// <summary>The data set is used, and the report says what was found.</summary>
    Warn,
}

/// <summary>The result of one check.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckVerdict>))]
public enum CheckVerdict
{
    Failed,
    Warned,
    Passed,

    /// <summary>Too few accepted batches came before to say.</summary>
    NotEnoughHistory,
}

internal static class SeverityVerdicts
{
    public static CheckVerdict Verdict(this Severity severity, bool holds) => (holds, severity) switch
    {
        (true, _) => CheckVerdict.Passed,
        (false, Severity.Warn) => CheckVerdict.Warned,
        (false, _) => CheckVerdict.Failed,
    };
}

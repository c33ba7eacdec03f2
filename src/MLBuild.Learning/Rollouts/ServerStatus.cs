using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Rollouts;

/// <summary>What a server says of itself, for whoever directs a rollout and for people.</summary>
/// <param name="Machine">Its name.</param>
/// <param name="Process">The number of its process.</param>
/// <param name="Version">That answers; null for none, while it stands by and has not answered yet.</param>
/// <param name="Fault">Why this may not be the version that is deployed; null when it is, or when it stands by.</param>
public sealed record ServerStatus(string Machine, int Process, int? Version, string? Fault)
{
    private static JsonSerializerOptions Json => new()
    {
        // Another program's text must not read as a server of version 0 without a fault.
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Of the rollout under way; null before it was looked at.</summary>
    public CandidateStatus? Candidate { get; init; }

    /// <summary>True where it computes features with other code than what is deployed was trained with: it is there for
    /// a version of its own code, and others answer as soon as one of them can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StandsBy { get; init; }

    /// <summary>True in what it says last, when it is told to stop: its counts still count, and nobody waits for
    /// it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasEnded { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="FormatException">The text says something else: another program's server wrote it.</exception>
    public static ServerStatus FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerStatus>(json, Json)
                ?? throw new FormatException("The report of a server is empty.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"The report of a server cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>What a server has of the candidate of a rollout.</summary>
/// <param name="Rollout">Which rollout.</param>
/// <param name="Version">The candidate.</param>
/// <param name="Fault">Why it cannot serve; null where it is loaded, checked, and ready.</param>
/// <param name="Step">The position of the entry of the rollout's log since which the counts count.</param>
/// <param name="Champion">What became of the requests of the version that serves; of a step at 100 %, which leaves it
/// none, what became of those in the step before.</param>
/// <param name="Own">What became of those of the candidate.</param>
public sealed record CandidateStatus(
    int Rollout, int Version, string? Fault, int Step, TrafficCounts Champion, TrafficCounts Own)
{
    /// <summary>True where the server computes features with other code than the candidate was trained with: the fault
    /// of neither, and servers of another revision may serve it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfOtherCode { get; init; }

    [JsonIgnore]
    public bool IsReady => Fault is null && !IsOfOtherCode;
}

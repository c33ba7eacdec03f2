using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Models;

/// <summary>The model that answers requests now. One thread replaces it, any number read it.</summary>
internal sealed class LiveModel(ServedModel first)
{
    private volatile LiveState _state = new(first, Fault: null);

    // One value, so that nobody reads a new version beside the fault of the old one.
    public LiveState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>The model that answers a request, from its first row to its last: asked once for each, here only.
    /// </summary>
    /// <param name="requestKey">The key of the request's first row; null where it cannot be told.</param>
    // Until two versions share an environment's requests, the key decides nothing.
    public ServedModel For(RowKey? requestKey) => _state.Model;
}

/// <param name="Fault">Why this may not be the model that the registry wants to serve; null when it is.</param>
internal sealed record LiveState(ServedModel Model, string? Fault);

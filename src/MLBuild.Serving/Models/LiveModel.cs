namespace MLBuild.Serving.Models;

/// <summary>The model that answers requests now. One thread replaces it, any number read it.</summary>
internal sealed class LiveModel(ServedModel first)
{
    private volatile ServedModel _current = first;
    private volatile string? _fault;

    public ServedModel Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Why this may not be the model that the registry wants to serve; null when it is.</summary>
    public string? Fault
    {
        get => _fault;
        set => _fault = value;
    }
}

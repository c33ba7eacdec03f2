using MLBuild.Engine.History;
using MLBuild.Engine.Stages;

namespace MLBuild.Nuke;

/// <summary>The pieces of work that go on, each with its line below all else on a terminal: how far it is, or how long
/// it has taken and will take.</summary>
/// <param name="usual">How long a piece of work usually takes, if that is known.</param>
internal sealed class LiveWork(LiveLines lines, Func<StageUnit, TimeSpan?> usual, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);
    private ITimer? _timer;

    // Not a tuple: generic code over value types would have to be compiled at each start.
    private sealed record Item(string Name, long BeganAt, TimeSpan? Usual)
    {
        public string? Said { get; set; }
    }

    public void Begin(StageUnit unit)
    {
        var item = new Item(unit.Name, clock.GetTimestamp(), usual(unit));
        lock (_lock)
        {
            _items[unit.Name] = item;
            _timer ??= clock.CreateTimer(_ => Show(), null, Tick, Tick);
        }
    }

    public void Say(StageUnit unit, string said)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue(unit.Name, out var item))
                return;
            item.Said = said;
            Show(item);
        }
    }

    public void End(StageUnit unit)
    {
        lock (_lock)
        {
            _items.Remove(unit.Name);
            lines.Remove(unit.Name);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _items.Clear();
        }
        lines.Dispose();
    }

    private void Show()
    {
        lock (_lock)
        {
            foreach (var item in _items.Values)
                Show(item);
        }
    }

    private void Show(Item item)
    {
        if (new WorkInProgress(clock.GetElapsedTime(item.BeganAt), item.Usual, item.Said).Text() is { } text)
            lines.Show(item.Name, text);
    }
}

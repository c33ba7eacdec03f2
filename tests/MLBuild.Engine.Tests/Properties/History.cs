using static MLBuild.Engine.Tests.Properties.Sketch;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>What has been computed so far, and what a build of a sketch must therefore do: nothing that was ever
/// done.</summary>
internal sealed class History
{
    private readonly HashSet<string> _done = [];
    // By unit, with the outputs that were declared then.
    private readonly Dictionary<string, (string Whole, string Writes)> _last = [];

    internal enum Ending
    {
        Done,
        Failed,
        NotRun,
    }

    /// <summary>What a build must do.</summary>
    /// <param name="Begun">Units whose code must be started, once each.</param>
    /// <param name="Kept">What each unit gives that has a result.</param>
    internal sealed record Prediction(
        Dictionary<string, Ending> Endings, List<string> Begun, Dictionary<string, string> Kept);

    /// <param name="only">The keys that each stage is limited to; a stage without is not.</param>
    /// <param name="failing">Stages, or units.</param>
    public Prediction Build(
        Sketch sketch, IEnumerable<string> asked, Dictionary<string, HashSet<string>> only, HashSet<string> failing)
    {
        var plan = new Prediction([], [], []);
        var leftOut = new Dictionary<string, HashSet<string?>>();
        foreach (var node in sketch.Closure(asked))
            plan.Endings[node.Name] = Stage(node);
        return plan;

        Ending Stage(Node node)
        {
            var inputs = node.Inputs(sketch).Select(input => input.Stage).ToArray();
            if (inputs.Any(input => plan.Endings[input.Name] != Ending.Done || (leftOut[input.Name].Count > 0
                && !sketch.HaveSamePartitions(node, input))))
                return Ending.NotRun;
            var failed = false;
            var writes = string.Join(' ', node.Writes);
            leftOut[node.Name] = [];
            foreach (var key in sketch.Keys(node))
            {
                var unit = Evaluator.Unit(node, key);
                var whole = Evaluator.Whole(sketch, node, key, plan.Kept.GetValueOrDefault);
                if (_done.Contains(whole) && !node.IsEffect)
                {
                    Settle(whole);
                }
                else if (node.IsFrozen && _last.TryGetValue(unit, out var last) && last.Writes == writes)
                {
                    plan.Kept[unit] = Evaluator.Kept(node, last.Whole);
                }
                else if ((only.TryGetValue(node.Name, out var keys) && !keys.Contains(key!)) || inputs.Any(input =>
                    sketch.HaveSamePartitions(node, input) && leftOut[input.Name].Contains(key)))
                {
                    leftOut[node.Name].Add(key);
                }
                else
                {
                    plan.Begun.Add(unit);
                    if (failing.Contains(node.Name) || failing.Contains(unit))
                        failed = true;
                    else
                        Settle(whole);
                }

                void Settle(string result)
                {
                    plan.Kept[unit] = Evaluator.Kept(node, result);
                    _done.Add(result);
                    _last[unit] = (result, writes);
                }
            }
            if (failed)
                return Ending.Failed;
            var units = sketch.Keys(node).Select(key => Evaluator.Unit(node, key)).ToHashSet();
            foreach (var gone in _last.Keys.Where(unit => unit.Split('/')[0] == node.Name && !units.Contains(unit)))
                _last.Remove(gone);
            return Ending.Done;
        }
    }
}
